import { address } from '../../domain/address.ts';
import type { Message } from '../../domain/message.ts';
import { formatMinor } from '../../domain/money.ts';
import { parseQuantity } from '../../domain/quantity.ts';
import { paymentInDoubt, paymentUnderWay } from './bill.ts';
import { closeCounter } from './closing.ts';
import { keyLines, readTillLine, type TillLine } from './line.ts';
import { openCounter } from './opening.ts';
import { reportText } from './report.ts';
import { refusalText, reportIn } from './sender.ts';
import type { Till } from './till.ts';

/** How long a script waits for a card payment; a cashier sees it under way and may abort it. */
const paymentWaitMs = 180_000;

/** Serves a cashier until he leaves, closes the counter, or the input ends. */
export const serve = async (till: Till): Promise<void> => {
  if (!(await openCounter(till))) return;
  for (;;) {
    till.draw();
    if (till.status() === 'counting') {
      if (await closeCounter(till)) return;
      continue;
    }
    const typed = await till.ask('>');
    if (typed === null) return;
    const line = readTillLine(typed, till.currency);
    if (line.type === 'quit') return;
    till.say([]);
    if (line.type === 'close' ? await closeCounter(till) : (await perform(till, line), false)) return;
  }
};

const perform = async (till: Till, line: Exclude<TillLine, { readonly type: 'quit' }>): Promise<void> => {
  switch (line.type) {
    case 'code':
      return scan(till, line.code, line.quantity);
    case 'department':
      return change(till, { type: 'RING_DEPARTMENT', department: line.department, amountMinor: line.amountMinor });
    case 'void':
      return change(till, { type: 'VOID_LINE', line: line.line });
    case 'discount':
      return change(till, { type: 'DISCOUNT_ORDER', percentHundredths: line.percentHundredths, reason: 'till' });
    case 'member':
      return change(till, { type: 'SET_MEMBER', ...(line.memberId !== null && { memberId: line.memberId }) });
    case 'pay':
      return pay(till, line.tender, line.amountMinor);
    case 'suspend':
      return void (await till.command({ type: 'SUSPEND' }));
    case 'resume':
      return resume(till, line.place);
    case 'sell-on':
      return void (await till.command({ type: 'SELL_ON' }));
    case 'cancel':
      return void (await till.command({ type: 'CANCEL_ORDER', reason: 'till' }));
    case 'abort':
      return abort(till);
    case 'copy':
      return copy(till);
    case 'no-sale':
      if ((await till.command({ type: 'NO_SALE', reason: 'till' })) !== null)
        till.say(['The drawer was opened; it is on record.']);
      return;
    case 'x':
      return report(till);
    case 'find':
      return find(till, line.text);
    case 'close':
      return void (await closeCounter(till));
    case 'help':
      return till.say(keyLines.map(([key, text]) => `  ${key.padEnd(10)}${text}`));
    case 'empty':
      return void (await till.sendAgain());
    case 'mistake':
      return till.say([`✗ ${line.problem}`]);
  }
};

/** A change of the bill. After a tender that failed the counter waits for another one: it goes back to selling first. */
const change = async (till: Till, event: Message): Promise<void> => {
  if (!(await backToSelling(till))) return;
  await till.command(event);
};

const backToSelling = async (till: Till): Promise<boolean> =>
  till.status() !== 'tendering' || (await till.command({ type: 'SELL_ON' })) !== null;

const scan = async (till: Till, code: string, quantity: number | null): Promise<void> => {
  if (!(await backToSelling(till))) return;
  const ack = await till.offer({ type: 'SCAN', code, ...(quantity !== null && { quantity }) });
  if (ack.ok) return;
  if (ack.reason !== 'quantity-needed' || quantity !== null) return till.say(refusalText(ack, till.status()));
  // A new command: the first one was refused and did nothing.
  till.say([`${ack.detail}.`]);
  till.draw();
  const typed = await till.ask('Weight:');
  till.say([]);
  if (typed === null || typed.trim() === '') return;
  const weight = parseQuantity(typed);
  if (!weight.ok) return till.say([`✗ "${typed.trim()}" is no weight; like 0.345`]);
  await till.command({ type: 'SCAN', code, quantity: weight.quantity });
};

const pay = async (till: Till, tender: 'CASH' | 'CARD', amountMinor: number | null): Promise<void> => {
  const paid = await till.command({ type: 'PAY', tender, ...(amountMinor !== null && { amountMinor }) });
  if (paid === null || till.isTerminal) return;
  const isSettled = (): boolean => {
    const order = till.following.order();
    return order === null || paymentUnderWay(order) === null;
  };
  if (!(await till.following.until(isSettled, paymentWaitMs))) till.say(['The card payment is still under way.']);
};

const abort = async (till: Till): Promise<void> => {
  const order = till.following.order();
  const pending = order === null ? null : paymentUnderWay(order);
  const doubtful = order === null ? null : paymentInDoubt(order);
  if (pending !== null) return void (await till.command({ type: 'ABORT_PAYMENT', paymentId: pending.paymentId }));
  if (doubtful === null) return till.say(['No card payment is under way.']);
  await till.commandTo(address(doubtful.kind, doubtful.paymentId), { type: 'ASK_AGAIN' });
};

const resume = async (till: Till, place: number | null): Promise<void> => {
  const bills = till.records.suspended();
  if (bills.length === 0) return till.say(['No bill is suspended.']);
  const chosen = place === null ? (bills.length === 1 ? bills[0] : undefined) : bills[place - 1];
  if (chosen !== undefined) return void (await till.command({ type: 'RESUME', orderId: chosen.orderId }));
  till.say([
    'Suspended bills; r 1 takes the first:',
    ...bills.map(
      ({ counterId, lines, totalMinor, first }, index) =>
        `  ${String(index + 1).padStart(2)}  ${formatMinor(totalMinor, till.currency).padStart(9)}  ${lines} lines, ${first} …  (counter ${counterId})`,
    ),
  ]);
};

const copy = async (till: Till): Promise<void> => {
  const last = till.following.counter()?.data['last'] as { readonly orderId: string } | null;
  if (last === null) return till.say(['There is no receipt of this shift yet.']);
  if ((await till.command({ type: 'REPRINT', orderId: last.orderId })) !== null)
    till.say(['Printed once more, marked COPY.']);
};

const report = async (till: Till): Promise<void> => {
  const asked = await till.command({ type: 'X_REPORT' });
  const shift = asked === null ? null : reportIn(asked);
  if (shift !== null) till.say(reportText(shift, { title: 'X REPORT', currency: till.currency, countedMinor: null }));
};

const find = (till: Till, text: string): void => {
  const found = till.records.find(text);
  if (found.length === 0) return till.say([`Nothing is called "${text}".`]);
  till.say(
    found.map(({ code, description }) => {
      const priceMinor = till.records.priceOf(code);
      const price = priceMinor === null ? '' : formatMinor(priceMinor, till.currency);
      return `  ${code.padEnd(15)}${description.padEnd(36)}${price.padStart(8)}`;
    }),
  );
};
