import type { Message } from '../../src/domain/message.ts';
import { FlowFailed, type Till } from './till.ts';

/** A piece of a day at the till. It knows of no crash: it sends, looks, and sends on. */
export interface Flow {
  readonly name: string;
  readonly run: (till: Till) => Promise<void>;
  /** Begins with an empty folder instead of an open store; its points are counted from the first instruction. */
  readonly fromStart?: true;
  /** The printers cannot say what came out. */
  readonly printerIsMute?: true;
}

const bread = '9521020100514';
const milk = '9521030100665';
const coffee = '9521050101918';
const chocolate = '9521045101701';
const bananas = '4011';

const day = 'store-day/main';
const first = 'counter/1';
const second = 'counter/2';
type Counter = typeof first | typeof second;

const scan = (code: string): Message => ({ type: 'SCAN', code });
const ring = (...codes: string[]): Message => ({ type: 'RING', items: codes.map((code) => ({ code })) });
const pay = (tender: string, amountMinor?: number): Message => ({
  type: 'PAY',
  tender,
  ...(amountMinor !== undefined && { amountMinor }),
});

export const openFlow: Flow = {
  name: 'first start, open',
  fromStart: true,
  async run(till) {
    await till.send(day, { type: 'OPEN_DAY', businessDate: '2026-01-05' });
    await till.send(first, { type: 'OPEN', floatMinor: 10_000 });
    await till.send(second, { type: 'OPEN', floatMinor: 20_000 });
  },
};

export const flows: readonly Flow[] = [
  openFlow,
  {
    name: 'scan',
    async run(till) {
      await till.send(first, scan(bread));
      await till.send(first, { type: 'SCAN', code: bananas, quantity: 1250 });
      await till.send(first, ring(milk, milk, chocolate, coffee));
      await till.send(first, { type: 'VOID_LINE', line: 3 });
      await till.send(first, { type: 'RING_DEPARTMENT', department: '20', amountMinor: 350 });
      await till.send(first, { type: 'DISCOUNT_LINE', line: 1, percentHundredths: 1000, reason: 'dented' });
      await till.send(first, pay('CASH'));
    },
  },
  {
    name: 'cash with change',
    async run(till) {
      await till.send(first, scan(milk));
      await till.send(first, scan(chocolate));
      // The next customer's goods are scanned while drawer and printer are at work.
      await till.together([
        [first, pay('CASH', 5000)],
        [first, scan(bread)],
        [first, scan(coffee)],
      ]);
      await till.send(first, pay('CASH', 2000));
    },
  },
  {
    name: 'card approved',
    async run(till) {
      await till.send(first, ring(bread, milk, chocolate));
      await payByCard(till, first);
    },
  },
  {
    name: 'card declined, then cash',
    async run(till) {
      await till.send(first, scan(bread));
      await till.device('terminals', '1', 'declineNext');
      await till.send(first, pay('CARD'));
      await till.settle();
      till.calm();
      await till.send(first, pay('CASH', 1000));
    },
  },
  {
    name: 'card, answer lost',
    async run(till) {
      await till.send(first, scan(milk));
      await till.device('terminals', '1', 'loseAnswer');
      await payByCard(till, first);
      till.calm();
    },
  },
  {
    name: 'card, line drops',
    async run(till) {
      await till.send(first, scan(milk));
      await till.device('terminals', '1', 'approveThenDrop');
      await payByCard(till, first);
      till.calm();
    },
  },
  {
    name: 'card, confirmation lost',
    async run(till) {
      await till.send(first, scan(coffee));
      await till.device('terminals', '1', 'loseConfirm');
      await payByCard(till, first);
      till.calm();
    },
  },
  {
    name: 'split tender',
    async run(till) {
      await till.send(first, ring(bread, milk, coffee));
      await till.send(first, pay('VOUCHER', 100));
      await payByCard(till, first, 200);
      await till.send(first, pay('CASH', 3000));
    },
  },
  {
    name: 'card voided, then cash',
    async run(till) {
      await till.send(first, ring(bread, milk));
      const paymentId = await payByCard(till, first, 300);
      await till.send(first, { type: 'VOID_PAYMENT', paymentId, reason: 'pays cash' });
      await till.settle();
      await till.send(first, pay('CASH', 3000));
    },
  },
  {
    name: 'return with receipt',
    async run(till) {
      await till.send(first, ring(bread, milk, chocolate));
      await payByCard(till, first);
      const receipt = { receiptCounter: '1', receiptNumber: await lastReceipt(till, first) };
      await till.send(first, { type: 'RETURN', ...receipt, line: 2 });
      await payByCard(till, first);
      await till.send(second, { type: 'RETURN', ...receipt, line: 1 });
      await till.send(second, pay('CASH'));
    },
  },
  {
    name: 'suspend, resume elsewhere',
    async run(till) {
      const { answer } = await till.send(first, ring(bread, milk));
      await till.send(first, { type: 'SUSPEND' });
      await till.send(first, scan(chocolate));
      await till.send(second, { type: 'RESUME', orderId: answer['orderId'] });
      await till.send(second, scan(coffee));
      await till.send(second, pay('CASH', 5000));
      await till.send(first, { type: 'CANCEL_ORDER', reason: 'changed their mind' });
    },
  },
  {
    name: 'reprint',
    async run(till) {
      const { answer } = await till.send(first, scan(milk));
      await till.send(first, pay('CASH', 1000));
      await till.settle();
      await till.send(first, { type: 'REPRINT', orderId: answer['orderId'] });
      await till.send(first, { type: 'REPRINT', orderId: answer['orderId'], printer: '2' });
    },
  },
  {
    name: 'print, no paper',
    async run(till) {
      await till.device('printers', '1', 'noPaper');
      await till.send(first, scan(milk));
      await till.send(first, pay('CASH', 1000));
      await till.settle();
      await till.send(first, scan(bread));
      await till.device('printers', '1', 'loadPaper');
      await till.send(first, pay('CASH', 1000));
    },
  },
  {
    name: 'print, mute printer',
    printerIsMute: true,
    async run(till) {
      await till.send(first, scan(milk));
      await till.send(first, pay('CASH', 1000));
      await till.send(first, scan(bread));
      await till.send(first, pay('CASH', 1000));
    },
  },
  {
    name: 'money in and out',
    async run(till) {
      await till.send(first, { type: 'PAID_IN', amountMinor: 5000, reason: 'change from the bank' });
      await till.send(first, { type: 'PAID_OUT', amountMinor: 1200, reason: 'window cleaner' });
      await till.send(first, { type: 'SAFE_DROP', amountMinor: 3000, reason: 'too much in the drawer' });
      await till.send(first, { type: 'NO_SALE', reason: 'change for a customer' });
      await till.send(first, { type: 'X_REPORT' });
    },
  },
  {
    name: 'both counters at once',
    async run(till) {
      await till.together([
        [first, ring(bread, milk)],
        [second, ring(coffee, chocolate)],
      ]);
      await till.together([
        [first, pay('CASH', 2000)],
        [second, pay('CASH', 2000)],
      ]);
      await till.together([
        [first, scan(milk)],
        [second, scan(bread)],
      ]);
      await till.together([
        [first, pay('CARD')],
        [second, pay('CARD')],
      ]);
      await till.settle();
      // Where the charge never reached its terminal, the bill still stands.
      for (const counter of [first, second] as const) {
        if ((await openPayments(till, counter)) !== null) await payByCard(till, counter);
      }
    },
  },
  {
    name: 'count and close',
    async run(till) {
      await till.send(first, ring(bread, chocolate));
      await till.send(first, pay('CASH', 2000));
      await till.send(first, scan(milk));
      await payByCard(till, first);
      await till.send(first, { type: 'START_COUNT' });
      await till.send(first, { type: 'COUNT', countedMinor: 10_500 });
      await till.send(second, { type: 'START_COUNT' });
      await till.send(second, { type: 'CANCEL_COUNT' });
      await till.send(second, { type: 'START_COUNT' });
      await till.send(second, { type: 'COUNT', countedMinor: 20_000 });
      await till.send(day, { type: 'CLOSE_DAY' });
      await till.send(day, { type: 'OPEN_DAY', businessDate: '2026-01-06' });
    },
  },
];

/** Times that a customer holds the card to it before anybody would give up. */
const triesMax = 4;

/** Until it is paid. A charge that never reached the terminal is tried again, as a cashier does: with a new payment. */
async function payByCard(till: Till, counter: Counter, amountMinor?: number): Promise<string> {
  const before = await openPayments(till, counter);
  for (let tries = 0; tries < triesMax; tries += 1) {
    const ack = await till.attempt(counter, pay('CARD', amountMinor));
    if (!ack.ok) throw new FlowFailed(`${counter} PAY was refused: ${ack.reason}, ${ack.detail}`);
    await till.settle();
    const after = await openPayments(till, counter);
    if (after === null) return '';
    const paid = after.find((one) => one.status === 'success' && one.method === 'card');
    if (paid !== undefined && !before?.some(({ paymentId }) => paymentId === paid.paymentId)) return paid.paymentId;
  }
  throw new FlowFailed(`${counter}: the card was not taken in ${triesMax} tries`);
}

interface SeenPayment {
  readonly paymentId: string;
  readonly method: string;
  readonly status: string;
}

/** Payments of the bill on the counter; null: there is none, it is paid. */
async function openPayments(till: Till, counter: Counter): Promise<readonly SeenPayment[] | null> {
  const { orderId } = (await till.view(counter)).data;
  if (typeof orderId !== 'string') return null;
  const { payments } = (await till.view(`order/${orderId}`)).data;
  return payments as readonly SeenPayment[];
}

async function lastReceipt(till: Till, counter: Counter): Promise<number> {
  const { last } = (await till.view(counter)).data;
  return (last as { readonly receiptNumber: number }).receiptNumber;
}
