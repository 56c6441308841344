import type { Tender } from '../../domain/tender.ts';
import type { Note } from './deviation.ts';
import { tenderRows } from './tender-row.ts';
import { planTenders, type PlannedPayment } from './tender-plan.ts';
import type { TillTransaction } from './till-log.ts';
import type { Till } from './till.ts';
import type { Answer } from './wire.ts';

interface Bill {
  readonly transaction: TillTransaction;
  readonly dueMinor: number;
  readonly tenders: readonly Tender[];
}

/** A card that did not come through is presented again so often: only a restart between two messages makes it fail. */
const attemptsMax = 20;

/** Pays an order with the tenders of the log. `done` false: the store would not have it so, and the order is still open. */
export async function payOrder(
  till: Till,
  key: string,
  bill: Bill,
): Promise<{ readonly done: boolean; readonly notes: readonly Note[] }> {
  const rows = tenderRows(bill.transaction);
  const plan = planTenders(bill.dueMinor, rows, bill.tenders);
  const recorded = rows.map(({ code, amountMinor }) => `${code} ${amountMinor}`).join(', ');
  const lost: Note = { what: 'tender', ours: `due ${bill.dueMinor}`, recorded, why: 'no way to pay so' };
  let due = bill.dueMinor;
  for (const [index, payment] of plan.payments.entries()) {
    const last = await payOne(till, `${key}-pay${index}`, payment, due);
    if (last === null || !last.ack.ok) {
      const why = last === null ? `failed ${attemptsMax} times` : last.ack.ok ? '' : last.ack.detail;
      return { done: false, notes: [{ what: 'tender', ours: 'refused', recorded: payment.tender, why }] };
    }
    due = last.order?.dueMinor ?? due;
  }
  return { done: true, notes: plan.isLost ? [lost] : [] };
}

/** Presents a payment until it counts. */
async function payOne(
  till: Till,
  key: string,
  { tender, amountMinor }: PlannedPayment,
  due: number,
): Promise<Answer | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const answer = await till.pay(`${key}-${attempt}`, { type: 'PAY', tender, amountMinor });
    const isDone = answer.order === null || answer.order.status !== 'PENDING' || answer.order.dueMinor !== due;
    if (!answer.ack.ok || isDone) return answer;
  }
  return null;
}
