import type { Message } from '../../domain/message.ts';
import type { Accepted, Refused } from '../../domain/ports.ts';
import type { Tender } from '../../domain/tender.ts';
import type { Note } from './deviation.ts';
import { payOrder } from './pay.ts';
import type { Played } from './played.ts';
import type { Script, ScriptStep } from './script.ts';
import type { TillTransaction } from './till-log.ts';
import { cents, isTaxRow } from './till-row.ts';
import type { Till } from './till.ts';

/** One transaction of the log, with its place in it. */
export interface Part {
  readonly transaction: TillTransaction;
  readonly script: Script;
  /** Makes the ids of its commands. */
  readonly key: string;
  /** The suspended order that this one takes up again: its id, once it was suspended, and how many lines it had. */
  readonly resumes: { readonly orderId: Promise<string | null>; readonly lines: number } | null;
  /** Somebody takes it up again later. */
  readonly isResumed: boolean;
}

/** The order on the counter while it is rung up. */
interface Bill {
  orderId: string | null;
  dueMinor: number;
  readonly notes: Note[];
}

/** Puts one transaction through a counter. What the store refuses is rung as an amount, and listed; nothing is left on the counter. */
export async function play(till: Till, part: Part, tenders: readonly Tender[]): Promise<Played> {
  const { transaction, script, key } = part;
  const bill: Bill = { orderId: null, dueMinor: 0, notes: [] };
  const played = (end: Played['end']): Played => ({
    transaction,
    script,
    orderId: bill.orderId,
    end,
    notes: bill.notes,
  });
  const resumed = await takeUp(till, part, bill);
  for (const [index, step] of script.steps.entries()) {
    if (index >= resumed) await ring(till, `${key}-${index}`, step, index + 1, bill);
  }
  const ends = endOf(part);
  if (bill.orderId === null && ends === 'paid') await ring(till, `${key}-nothing`, nothingRung, 1, bill);
  if (bill.orderId === null) return played('nothing');
  await finishBasket(till, key, script, bill);
  if (ends === 'paid') {
    const paid = await payOrder(till, key, { transaction, dueMinor: bill.dueMinor, tenders });
    bill.notes.push(...paid.notes);
    if (paid.done) return played(transaction.kind === 'training' ? 'training' : 'paid');
  }
  if (ends === 'suspended') {
    hear(bill, 'SUSPEND', await till.send(`${key}-suspend`, { type: 'SUSPEND' }));
    return played('suspended');
  }
  await leave(till, part, bill);
  return played('cancelled');
}

/** Nothing stays on the counter: what cannot be cancelled, because part of it was paid, waits for a person. */
async function leave(till: Till, { transaction, key }: Part, bill: Bill): Promise<void> {
  const event = { type: 'CANCEL_ORDER', reason: `${transaction.kind} in the log` };
  const cancelled = await till.send(`${key}-cancel`, event);
  hear(bill, event.type, cancelled);
  if (!cancelled.ok) hear(bill, 'SUSPEND', await till.send(`${key}-aside`, { type: 'SUSPEND' }));
}

/** What was finished has a tax row; all else was left off. */
function endOf({ transaction, isResumed }: Part): 'paid' | 'cancelled' | 'suspended' {
  if (transaction.kind === 'completed') return 'paid';
  if (transaction.kind === 'training') return transaction.rows.some(isTaxRow) ? 'paid' : 'cancelled';
  return isResumed ? 'suspended' : 'cancelled';
}

const nothingRung: ScriptStep = {
  row: {},
  rule: 'amount',
  event: { type: 'ADJUST', description: 'Nothing rung', code: 'none', amountMinor: 0, department: '0' },
  by: 'cashier',
  offMinor: 0,
  moves: null,
  why: null,
};

/** Takes a suspended order up again; how many of the script's steps it has already. */
async function takeUp(till: Till, { resumes, key }: Part, bill: Bill): Promise<number> {
  const orderId = (await resumes?.orderId) ?? null;
  if (resumes === null || orderId === null) return 0;
  const ack = await till.send(`${key}-resume`, { type: 'RESUME', orderId });
  hear(bill, 'RESUME', ack);
  return ack.ok ? resumes.lines : 0;
}

async function ring(till: Till, key: string, step: ScriptStep, line: number, bill: Bill): Promise<void> {
  if (step.why !== null)
    bill.notes.push({ what: 'rung-otherwise', ours: step.rule, recorded: step.row.total ?? '0', why: step.why });
  const ack = await till.send(key, step.event, step.by);
  hear(bill, step.event.type, ack);
  if (!ack.ok) {
    const instead = await till.send(`${key}-instead`, insteadOf(step), 'supervisor');
    hear(bill, 'ADJUST', instead);
  } else if (step.offMinor > 0) {
    const event = { type: 'DISCOUNT_LINE', line, amountMinor: step.offMinor, reason: 'quantity price' };
    hear(bill, event.type, await till.send(`${key}-off`, event, 'supervisor'));
  }
}

/** The line's amount as the log has it: keeps the numbers of the lines after it right. */
const insteadOf = ({ row }: ScriptStep): Message => ({
  type: 'ADJUST',
  description: row.description?.slice(0, 200) || 'none',
  code: row.upc?.slice(0, 200) || 'none',
  amountMinor: cents(row.total),
  department: row.department || '0',
});

async function finishBasket(till: Till, key: string, script: Script, bill: Bill): Promise<void> {
  if (script.percentHundredths > 0) {
    const event = { type: 'DISCOUNT_ORDER', percentHundredths: script.percentHundredths, reason: 'basket discount' };
    hear(bill, event.type, await till.send(`${key}-discount`, event));
  }
  if (script.taxExempt) {
    const event = { type: 'SET_TAX_EXEMPT', taxExempt: true, reason: 'food stamps or exempt customer' };
    hear(bill, event.type, await till.send(`${key}-exempt`, event));
  }
}

function hear(bill: Bill, type: string, ack: Accepted | Refused): void {
  if (!ack.ok) {
    bill.notes.push({ what: 'refused', ours: ack.reason, recorded: type, why: ack.detail });
    return;
  }
  const { orderId, dueMinor } = ack.answer;
  if (typeof orderId === 'string') bill.orderId = orderId;
  if (typeof dueMinor === 'number') bill.dueMinor = dueMinor;
}
