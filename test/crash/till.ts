import { randomBytes } from 'node:crypto';
import type { Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Accepted, Ack, View } from '../../src/domain/ports.ts';
import type { Operator } from '../../src/domain/roles.ts';
import { createUuids } from '../../src/uuid.ts';
import { startStore, type StoreChild } from './child-process.ts';
import type { Strike } from './points.ts';
import { pathsOf, type DeviceVerb, type Life, type Mutant, type Sent, type Settled } from './protocol.ts';

/** A cashier at a till, and the client behind it: sends again with the same id what was not acknowledged, whatever dies. */
export interface Till {
  /** Fails where the store refuses. */
  send(to: Address, event: Message, by?: Operator): Promise<Accepted>;
  /** All in one turn of the loop. */
  together(commands: readonly (readonly [to: Address, event: Message])[]): Promise<readonly Ack[]>;
  /** Refused is an answer too. */
  attempt(to: Address, event: Message, by?: Operator): Promise<Ack>;
  view(of: Address): Promise<View>;
  /** Waits until no money is under way. */
  settle(): Promise<void>;
  device(kind: DeviceVerb['kind'], counterId: string, verb: string): Promise<void>;
  /** What the verbs of devices brought about so far is over. */
  calm(): void;
}

export interface TillOptions {
  readonly folder: string;
  readonly dataDir?: string;
  readonly mutant?: Mutant | null;
  readonly printerTells?: boolean;
  readonly fullBy?: Life['fullBy'];
  /** One a life: the n-th life is struck so. */
  readonly strikes: readonly (Strike | null)[];
  /** Points of the first life are counted from its first instruction, not from the first command. */
  readonly fromStart: boolean;
}

export interface TillRun extends Till {
  /** Everything at rest; what is not, is told. */
  finish(): Promise<readonly string[]>;
  kill(): Promise<void>;
  stop(): Promise<void>;
  labels(): Promise<readonly string[]>;
  readonly acknowledged: readonly Acknowledged[];
  /** Where the lives ended. */
  readonly struckAt: readonly string[];
  readonly refusedByDisk: () => number;
}
export interface Acknowledged {
  readonly to: Address;
  readonly event: string;
  readonly ack: Accepted;
}

/** The flow cannot go on: the store did what it must not. */
export class FlowFailed extends Error {
  override readonly name = 'FlowFailed';
}

export const manager: Operator = { id: 'mia', role: 'manager' };
const livesMax = 6;
const refusalsMax = 3;
const startOfDay = Date.UTC(2026, 0, 5, 9);
const hourMs = 3_600_000;

export async function createTill(options: TillOptions): Promise<TillRun> {
  const { folder, strikes } = options;
  const newId = createUuids(Date.now, randomBytes);
  const acknowledged: Acknowledged[] = [];
  const struckAt: string[] = [];
  let verbs: readonly DeviceVerb[] = [];
  let lives = 0;
  let refusedByDisk = 0;
  let birth: Promise<void> | null = null;
  let child: StoreChild = await born();

  async function born(): Promise<StoreChild> {
    const strike = strikes[lives] ?? null;
    const armsLater = lives === 0 && !options.fromStart;
    const life: Life = {
      folder,
      dataDir: options.dataDir ?? pathsOf(folder).store,
      // Each second restart finds its timers overdue, the others find a clock that went back.
      startAt: startOfDay + (lives % 2 === 0 ? lives * hourMs : -hourMs + 1),
      strike: armsLater ? null : strike,
      mutant: options.mutant ?? null,
      printerTells: options.printerTells ?? true,
      verbs,
      fullBy: options.fullBy ?? 'ballast',
      bus: false,
    };
    lives += 1;
    const started = await startStore(life);
    if (armsLater) {
      await started.ask<Settled>({ type: 'settle', of: 'everything' });
      await started.ask({ type: 'arm', strike });
    }
    return started;
  }

  /** Asks until somebody answers: a store that died is started again. */
  async function ask<T>(question: Parameters<StoreChild['ask']>[0]): Promise<T> {
    for (;;) {
      const answer = await child.ask<{ readonly body: T } | T>(question);
      const end = child.end();
      if (answer !== null || end === null) return answer as T;
      if (birth === null && end.struckAt === null) throw new FlowFailed(`the store died by itself: ${end.detail}`);
      await rebirth(end.struckAt ?? '');
    }
  }
  /** Of several questions that a death left unanswered, the first one starts the store again. */
  async function rebirth(diedAt: string): Promise<void> {
    birth ??= (async () => {
      struckAt.push(diedAt);
      if (lives >= livesMax) throw new FlowFailed('the store dies again and again');
      child = await born();
      birth = null;
    })();
    await birth;
  }

  async function sendAll(commands: readonly Sent[]): Promise<readonly Ack[]> {
    for (let refusals = 0; ; refusals += 1) {
      const acks = await ask<readonly Ack[]>({ type: 'send', commands });
      const full = acks.some((ack) => !ack.ok && ack.reason === 'storage');
      if (full) refusedByDisk += 1;
      if (!full || refusals === refusalsMax) return note(commands, acks);
      await checkFull();
      if (refusals === refusalsMax - 1) await ask({ type: 'free' });
    }
  }
  const note = (commands: readonly Sent[], acks: readonly Ack[]): readonly Ack[] => {
    for (const [index, ack] of acks.entries()) {
      const sent = commands[index];
      if (ack.ok && sent !== undefined) acknowledged.push({ to: sent.to, event: sent.command.event.type, ack });
    }
    return acks;
  };
  const checkFull = async (): Promise<void> => {
    const wrong = await ask<readonly string[]>({ type: 'verify' });
    if (wrong.length > 0) throw new FlowFailed(`on a full disk: ${wrong.join('; ')}`);
  };

  const commandOf = (to: Address, event: Message, operator: Operator = manager) => ({
    to,
    command: { id: newId(), operator, event },
  });
  const attempt = async (to: Address, event: Message, by?: Operator): Promise<Ack> => {
    const [ack] = await sendAll([commandOf(to, event, by)]);
    if (ack === undefined) throw new FlowFailed(`${to} ${event.type} got no answer`);
    return ack;
  };
  const settle = async (of: 'money' | 'everything'): Promise<Settled> => {
    const settled = await ask<Settled>({ type: 'settle', of });
    if (!settled.isFull) return settled;
    await checkFull();
    await ask({ type: 'free' });
    return ask<Settled>({ type: 'settle', of });
  };

  return {
    acknowledged,
    struckAt,
    refusedByDisk: () => refusedByDisk,
    attempt,
    async send(to, event, by) {
      const ack = await attempt(to, event, by);
      if (!ack.ok) throw new FlowFailed(`${to} ${event.type} was refused: ${ack.reason}, ${ack.detail}`);
      return ack;
    },
    together: (commands) => sendAll(commands.map(([to, event]) => commandOf(to, event))),
    async view(of) {
      const view = await ask<View | null>({ type: 'read', of });
      if (view === null) throw new FlowFailed(`there is no ${of}`);
      return view;
    },
    async settle() {
      const { isSettled, left } = await settle('money');
      if (!isSettled) throw new FlowFailed(`still under way: ${left.join(', ')}`);
    },
    async device(kind, counterId, verb) {
      const called = { kind, counterId, verb };
      // First to its memory, so that a store that dies meanwhile finds it done.
      verbs = [...verbs, called];
      await ask({ type: 'device', verb: called });
    },
    calm() {
      verbs = [];
    },
    finish: async () => (await settle('everything')).left,
    kill: async () => child.kill(),
    stop: async () => child.stop(),
    labels: () => ask<readonly string[]>({ type: 'labels' }),
  };
}
