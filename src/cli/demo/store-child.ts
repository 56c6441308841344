import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Address } from '../../domain/address.ts';
import { assert } from '../../domain/errors.ts';
import type { Ack, Command } from '../../domain/ports.ts';
import type { SimulatedCard } from '../../config.ts';
import type { InFlight } from '../status/in-flight.ts';
import type { FromStore, ToStore } from './wire.ts';

/** A store in a process of its own. */
export interface StoreChild {
  readonly pid: number;
  /** What the run before left unfinished. */
  readonly found: InFlight;
  send(to: Address, command: Command): Promise<Ack>;
  /** SIGKILL: no clean-up, no last word, as when the plug is pulled. */
  kill(): Promise<void>;
}

const program = fileURLToPath(import.meta.resolve('./store-process.ts'));
/** A start takes a fraction of a second; a machine that needs longer than this has another problem. */
const startTimeoutMs = 20_000;

export const startStoreChild = async (dataDir: string, card: SimulatedCard): Promise<StoreChild> => {
  const environment = Object.entries(process.env).filter(([key]) => !key.startsWith('STOREFIRST_'));
  const child = fork(program, [], {
    env: {
      ...Object.fromEntries(environment),
      STOREFIRST_DATA: dataDir,
      STOREFIRST_NATS: 'off',
      STOREFIRST_SIMULATED_CARD: card,
    },
  });
  const opened = await hear(child, AbortSignal.timeout(startTimeoutMs));
  assert(opened.type === 'open', `the store of the demo opens: ${'detail' in opened ? opened.detail : ''}`);
  assert(child.pid !== undefined, 'a process that answers has a number');
  return {
    pid: child.pid,
    found: opened.found,
    async send(to, command) {
      const answer = hear(child, AbortSignal.timeout(startTimeoutMs));
      child.send({ to, command } satisfies ToStore);
      const message = await answer;
      assert(message.type === 'answer', 'a command gets an answer');
      return message.ack;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** The next message; one command at a time is under way. */
const hear = async (child: ChildProcess, signal: AbortSignal): Promise<FromStore> => {
  const [message] = (await once(child, 'message', { signal })) as readonly unknown[];
  return message as FromStore;
};
