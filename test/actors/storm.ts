import type { Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import { connectDevices, type Desk } from './desk.ts';
import { createDeskDevices, silent, type DeskDevices } from './devices.ts';

/** Chance from a seed: the same seed, the same storm. (mulberry32) */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Outcomes = Partial<Readonly<Record<keyof DeskDevices['answers'], readonly (string | null)[]>>>;

/** What devices answer in bad weather; null: nothing, ever. Weighted by repetition. */
const badWeather: Outcomes = {
  connect: ['connected', 'connected', 'connected', 'connected', 'connected', 'unreachable', null],
  authorize: ['approved', 'approved', 'approved', 'approved', 'failed', 'no-answer', 'unreachable', null],
  confirm: ['confirmed', 'confirmed', 'confirmed', 'no-answer', 'reversed', null],
  query: ['approved', 'not-found', 'in-progress', 'no-answer', 'reversed', 'failed', null],
  reverse: ['reversed', 'reversed', 'failed', 'no-answer', null],
  refund: ['approved', 'approved', 'failed', 'no-answer', null],
  print: ['printed', 'printed', 'printed', 'no-paper', 'cover-open', 'offline', 'unsure', null],
  queryPrint: ['printed', 'not-found', 'unsure', null],
  open: ['opened', 'opened', 'unreachable', null],
  show: ['shown', 'unreachable'],
};

/** Devices in bad weather; after a power cut they go on with the calls of those before them. */
export function createStormDevices(chance: () => number, calls: string[] = []): DeskDevices {
  const devices = createDeskDevices(['1', '2', '3'], calls);
  for (const [verb, outcomes] of Object.entries(badWeather)) {
    devices.answers[verb as keyof DeskDevices['answers']] = () => {
      const outcome = outcomes[Math.floor(chance() * outcomes.length)] ?? null;
      return outcome === null ? silent() : Promise.resolve({ outcome });
    };
  }
  return devices;
}

/** The plug is pulled, and the store started again. */
export async function plug(shop: Desk, chance: () => number): Promise<Desk> {
  const next = await shop.powerFails({ desk: createStormDevices(chance, shop.desk.calls) });
  await connectDevices(next);
  return next;
}

const scan = (code: string): Message => ({ type: 'SCAN', code });
const pay = (tender: string, amountMinor?: number): Message =>
  amountMinor === undefined ? { type: 'PAY', tender } : { type: 'PAY', tender, amountMinor };
const say = (type: string, more: Readonly<Record<string, unknown>> = {}): Message => ({ type, ...more });
const reason = 'weather';

/** What a cashier would do, by the status of the counter. Weighted by repetition. */
const sensible: Readonly<Record<string, readonly Message[]>> = {
  closed: [
    say('OPEN', { floatMinor: 10_000 }),
    say('OPEN', { floatMinor: 10_000 }),
    say('OPEN', { floatMinor: 0, training: true }),
  ],
  idle: [
    ...['BREAD', 'MILK', 'CANDY', 'BREAD', 'MILK', 'CANDY', 'BREAD', 'MILK'].map(scan),
    say('RETURN', { code: 'MILK' }),
    say('PAID_IN', { amountMinor: 500, reason }),
    say('NO_SALE', { reason }),
    say('LOCK'),
    say('START_COUNT'),
  ],
  selling: [
    ...['BREAD', 'MILK', 'CANDY'].map(scan),
    pay('CARD'),
    pay('CARD'),
    pay('CASH'),
    pay('CARD', 300),
    pay('CASH', 200),
    pay('CASH', 5_000),
    say('RETURN', { code: 'MILK' }),
    say('VOID_LINE', { line: 1 }),
    say('DISCOUNT_ORDER', { percentHundredths: 1000, reason }),
    say('SUSPEND'),
    say('CANCEL_ORDER', { reason }),
    say('LOCK'),
  ],
  tendering: [
    pay('CARD'),
    pay('CASH'),
    pay('CARD', 300),
    pay('CASH', 200),
    pay('CASH'),
    pay('CASH'),
    say('SELL_ON'),
    say('SUSPEND'),
    say('CANCEL_ORDER', { reason }),
  ],
  locked: [say('UNLOCK')],
  counting: [say('COUNT', { countedMinor: 10_000 }), say('COUNT', { countedMinor: 9_000 }), say('CANCEL_COUNT')],
};
const anything: readonly Message[] = [
  ...Object.values(sensible).flat(),
  say('X_REPORT'),
  say('SAFE_DROP', { amountMinor: 1, reason }),
];

/** Many steps of cashiers, devices, supervisors and time, in any order. */
export async function storm(shop: Desk, chance: () => number, steps: number): Promise<void> {
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(chance() * of.length)];
  const some = (sql: string): string => pick(shop.database.prepare<[], string>(sql).pluck().all()) ?? 'none';
  const at = (kind: 'counter' | 'printer' | 'terminal' | 'drawer'): Address =>
    `${kind}/${Math.floor(chance() * 3) + 1}`;

  const cashier = async (): Promise<readonly [Address, Message]> => {
    const to = at('counter');
    const status = (await shop.runtime.read(to))?.status ?? 'closed';
    return [to, pick(chance() < 0.1 ? anything : (sensible[status] ?? anything)) ?? say('LOCK')];
  };
  const others: readonly (() => readonly [Address, Message])[] = [
    () => [at('counter'), say('RESUME', { orderId: some(`SELECT order_id FROM orders WHERE status = 'SUSPENDED'`) })],
    () => [at('counter'), say('RESUME', { orderId: some(`SELECT order_id FROM orders WHERE status = 'SUSPENDED'`) })],
    () => [at('counter'), say('REPRINT', { orderId: some('SELECT order_id FROM receipt') })],
    () => [`order/${some(`SELECT order_id FROM orders WHERE status = 'SUSPENDED'`)}`, say('CANCEL', { reason })],
    () => ['store-day/main', say(chance() < 0.8 ? 'OPEN_DAY' : 'CLOSE_DAY')],
    () => {
      const open = `SELECT p.payment_id FROM payments p JOIN orders o USING (order_id) WHERE p.status = 'success' AND o.status = 'PENDING'`;
      return [at('counter'), say('VOID_PAYMENT', { paymentId: some(open), reason })];
    },
    () => {
      const unsure = some(`SELECT address FROM actor WHERE kind IN ('payment', 'refund') AND in_flight = 1`) as Address;
      const decision = say('RESOLVE', { outcome: chance() < 0.5 ? 'approved' : 'failed', reason });
      return [
        unsure === ('none' as Address) ? 'payment/none' : unsure,
        pick([decision, say('ASK_AGAIN'), say('ABORT')]) ?? decision,
      ];
    },
  ];
  const weather: readonly (() => readonly [Address, Message])[] = [
    () => [at('terminal'), say('DISCONNECTED')],
    () => [at('printer'), say('DISCONNECTED')],
    () => [at('drawer'), say('DISCONNECTED')],
    () => [at('printer'), say('PAPER_LOADED')],
    () => [at('printer'), say('COVER_CLOSED')],
  ];

  for (let step = 0; step < steps; step += 1) {
    const what = chance();
    if (what < 0.04) {
      const [to, event] = (pick(weather) ?? cashierNever)();
      shop.runtime.hear(to, event);
    } else if (what < 0.14) {
      await shop.clock.advance(Math.floor(chance() * 60_000));
    } else {
      const [to, event] = what < 0.3 ? (pick(others) ?? cashierNever)() : await cashier();
      void shop.send(to, event);
      // Sometimes the next one comes in the same tick.
      if (chance() < 0.8) await shop.clock.settle();
    }
  }
  await shop.clock.settle();
}
const cashierNever = (): never => {
  throw new Error('there is always something to do');
};
