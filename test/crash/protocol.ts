import type { Address } from '../../src/domain/address.ts';
import type { Command } from '../../src/domain/ports.ts';
import type { Strike } from './points.ts';

/** How a child store is started; travels as JSON in its argument. */
export interface Life {
  /** Holds `store/`, `devices/`, and what the child notes for its parent. */
  readonly folder: string;
  /** Where the data file is, when not in `store/`: a small disk. */
  readonly dataDir: string;
  /** Wall clock of the start, milliseconds. */
  readonly startAt: number;
  /** Struck from the first instruction on; else the parent arms it when the store is up. */
  readonly strike: Strike | null;
  readonly mutant: Mutant | null;
  /** False: a printer that cannot say what came out. */
  readonly printerTells: boolean;
  /** Verbs of devices that were called in earlier lives: what they bring about lasts. */
  readonly verbs: readonly DeviceVerb[];
  /** How a strike fills the disk: it is a small one, or files may not grow any more. */
  readonly fullBy: 'ballast' | 'limit';
  /** Real time and a nats-server. */
  readonly bus: boolean;
}

/** Stores that are wrong on purpose: the checks must catch each one. */
export type Mutant =
  | 'effect-before-commit'
  | 'charges-again'
  | 'repeats-left-calls'
  | 'forgets-answers'
  | 'acknowledges-early';

export interface DeviceVerb {
  readonly kind: 'terminals' | 'printers';
  readonly counterId: string;
  readonly verb: string;
}

export interface Sent {
  readonly to: Address;
  readonly command: Command;
}

/** Parent → child. */
export type Ask =
  | { readonly type: 'send'; readonly commands: readonly Sent[] }
  | { readonly type: 'read'; readonly of: Address }
  /** Until nothing is under way: money, or everything. */
  | { readonly type: 'settle'; readonly of: 'money' | 'everything' }
  | { readonly type: 'arm'; readonly strike: Strike | null }
  | { readonly type: 'labels' }
  | { readonly type: 'device'; readonly verb: DeviceVerb }
  /** Gives the space back that a strike took. */
  | { readonly type: 'free' }
  | { readonly type: 'verify' }
  | { readonly type: 'bus' }
  | { readonly type: 'stop' };

export interface Numbered<T> {
  readonly number: number;
  readonly body: T;
}

export interface Settled {
  readonly isSettled: boolean;
  readonly isFull: boolean;
  /** What is still under way. */
  readonly left: readonly string[];
}

/** Where the parts of a run lie. */
export const pathsOf = (folder: string) => ({
  store: `${folder}/store`,
  devices: `${folder}/devices`,
  /** Label of the point at which the child died. */
  died: `${folder}/died`,
  /** After each commit: journal head and bytes of the WAL. */
  commits: `${folder}/commits.ndjson`,
  /** What the runtime reported. */
  reports: `${folder}/reports.ndjson`,
});

export const counterIds = ['1', '2'] as const;
