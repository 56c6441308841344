import { setTimeout as sleep } from 'node:timers/promises';
import { formatMinor } from '../../domain/money.ts';
import type { Ack } from '../../domain/ports.ts';
import { formatQuantity } from '../../domain/quantity.ts';
import { dim, strong } from '../sell/bill.ts';
import { foundText } from '../status/found.ts';
import type { InFlight } from '../status/in-flight.ts';
import type { Charge, LedgerRow, OrderRow, PaymentRow, TurnRow } from './evidence.ts';

/** Tells what was read, in calm lines. In a terminal it leaves time to read. */
export interface Teller {
  title(text: string, under: string): Promise<void>;
  step(text: string): Promise<void>;
  say(text: string): void;
  order(order: OrderRow): void;
  payments(payments: readonly PaymentRow[]): void;
  ledger(entries: readonly LedgerRow[]): void;
  charges(charges: readonly Charge[], currency: string): void;
  found(found: InFlight): void;
  journal(turns: readonly TurnRow[]): void;
  repeated(commandId: string, ack: Ack): void;
  paper(lines: readonly string[]): void;
  counts(counts: Readonly<Record<string, number>>): void;
  verdict(text: string): void;
}

const readMs = 900;

export const createTeller = (): Teller => {
  let steps = 0;
  const write = (text: string): void => console.log(text === '' ? '' : `     ${text}`);
  const row = (name: string, text: string): void => write(`${name.padEnd(10)} ${text}`);
  const pause = (): Promise<void> => (process.stdout.isTTY ? sleep(readMs) : Promise.resolve());
  return {
    async title(text, under) {
      console.log(`\n${strong(text)}\n${under}`);
      await pause();
    },
    async step(text) {
      await pause();
      steps += 1;
      console.log(`\n ${String(steps).padStart(2)}  ${strong(text)}\n`);
    },
    say: write,
    order: ({ status, totalMinor, currency }) =>
      row('order', `${status}${totalMinor === 0 ? '' : `, ${formatMinor(totalMinor, currency)} ${currency}`}`),
    payments(payments) {
      for (const { tender, status, authCode, terminalReceipt } of payments) {
        const approval = authCode === null ? '' : `, approval ${authCode}, terminal receipt ${terminalReceipt ?? ''}`;
        row('payment', `${tender} ${status}${approval}`);
      }
    },
    ledger(entries) {
      if (entries.length === 0) row('ledger', 'no entry: nothing leaves the stock before it is paid');
      for (const { description, change } of entries)
        row('ledger', `${formatQuantity(change).padStart(3)}  ${description}`);
    },
    charges(charges, currency) {
      for (const { amountMinor, authCode, terminalReceipt } of charges) {
        row(
          'terminal',
          `charged ${formatMinor(amountMinor, currency)}, approval ${authCode}, terminal receipt ${terminalReceipt}`,
        );
      }
    },
    found(found) {
      for (const line of foundText(found)) row('found', line);
    },
    journal(turns) {
      for (const turn of turns) write(turnText(turn));
    },
    repeated(commandId, ack) {
      row('sent', `PAY CARD, with its id ${commandId}`);
      row('answer', ack.ok ? `the first one: turn ${ack.sequence} of the journal; nothing was done again` : ack.detail);
    },
    paper(lines) {
      for (const line of lines) write(`  ${line}`);
      write('');
    },
    counts(counts) {
      write('');
      for (const [what, times] of Object.entries(counts)) write(`${String(times).padStart(2)} ×  ${what}`);
    },
    verdict: (text) => console.log(`\n     ${strong(text)}\n`),
  };
};

/** `12  payment  RESTARTED  authorizing → asking   terminal/1 QUERY` */
const turnText = ({ sequence, address, event, from, to, effects }: TurnRow): string => {
  const [kind = ''] = address.split('/');
  const moved = from === to ? from : `${from} → ${to}`;
  const asked = (JSON.parse(effects) as readonly TurnEffect[]).flatMap(effectText);
  const start = `${String(sequence).padStart(4)}  ${kind.padEnd(9)}${event.padEnd(19)}${moved}`;
  return asked.length === 0 ? start : `${start.padEnd(64)} ${dim(asked.join(', '))}`;
};

/** As the journal keeps an effect: of a fact its type, of a message its address and type. */
interface TurnEffect {
  readonly type: string;
  readonly params: unknown;
}

/** What a person wants to know of an effect: what the devices are asked, and what the books got. */
const effectText = ({ type, params }: TurnEffect): readonly string[] => {
  switch (type) {
    case 'record':
      return [`fact ${String(params)}`];
    case 'tell':
      return String(params).startsWith('terminal/') ? [`tells ${String(params)}`] : [];
    case 'answer':
    case 'connectDevice':
      return [];
    default:
      return [`calls ${type}`];
  }
};
