import type { Address } from '../../domain/address.ts';
import type { Message } from '../../domain/message.ts';
import type { Accepted, Refused } from '../../domain/ports.ts';
import type { Operator } from '../../domain/roles.ts';
import type { StoreProcess } from './store-process.ts';
import type { Answer } from './wire.ts';

/** Who stands at a counter and sends its commands, one after the other. */
export interface Till {
  readonly counterId: string;
  /** `key` makes the command's id: the same in each run, so that a command that comes again is known. */
  send(key: string, event: Message, by?: 'cashier' | 'supervisor'): Promise<Accepted | Refused>;
  /** As `send`, answered when the order's payments are over. */
  pay(key: string, event: Message): Promise<Answer>;
}

export const supervisor: Operator = { id: 'supervisor', role: 'supervisor' };

export function createTill(store: StoreProcess, counterId: string): Till {
  const to: Address = `counter/${counterId}`;
  const cashier: Operator = { id: counterId, role: 'cashier' };
  const ask = (key: string, event: Message, operator: Operator, untilPaid: boolean): Promise<Answer> =>
    store.send({ to, command: { id: commandId(key), operator, event }, untilPaid });
  return {
    counterId,
    send: async (key, event, by = 'cashier') =>
      (await ask(key, event, by === 'cashier' ? cashier : supervisor, false)).ack,
    pay: (key, event) => ask(key, event, cashier, true),
  };
}

/** 8 to 64 letters, digits, - and _. */
export const commandId = (key: string): string => `replay-${key}`.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);

/** Names travel in subjects: what does not fit becomes `_`. */
export const counterName = (cashier: string): string =>
  cashier.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 20) || 'none';
