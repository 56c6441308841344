import type { AnyStateMachine } from 'xstate';
import type { ActorKind } from '../domain/address.ts';
import { counterMachine } from '../machines/counter.ts';
import { displayMachine } from '../machines/display.ts';
import { drawerMachine } from '../machines/drawer.ts';
import { orderMachine } from '../machines/order.ts';
import { paymentMachine } from '../machines/payment.ts';
import { printerMachine } from '../machines/printer.ts';
import { refundMachine } from '../machines/refund.ts';
import { scannerMachine } from '../machines/scanner.ts';
import { storeDayMachine } from '../machines/store-day.ts';
import { terminalMachine } from '../machines/terminal.ts';

/** What the runtime knows of a kind of actor. */
export interface Kind {
  readonly machine: AnyStateMachine;
  /** Version of the machine's states and context: raised by each change that an old snapshot would not survive. */
  readonly version: number;
  /** `migrations[n]` turns a snapshot of version n into one of version n + 1. */
  readonly migrations: Readonly<Record<number, (old: Persisted) => Persisted>>;
}

/** What of a snapshot is kept: no children, no history, no final states are used. */
export interface Persisted {
  readonly value: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

export type Kinds = Readonly<Record<ActorKind, Kind>>;

const first = (machine: AnyStateMachine): Kind => ({ machine, version: 1, migrations: {} });

export const kinds: Kinds = {
  counter: first(counterMachine),
  order: first(orderMachine),
  payment: first(paymentMachine),
  refund: first(refundMachine),
  'store-day': first(storeDayMachine),
  printer: first(printerMachine),
  terminal: first(terminalMachine),
  drawer: first(drawerMachine),
  scanner: first(scannerMachine),
  display: first(displayMachine),
};
