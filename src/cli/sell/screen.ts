import { address } from '../../domain/address.ts';
import { formatMinor } from '../../domain/money.ts';
import type { View } from '../../domain/ports.ts';
import { billText, columns, dim, paymentInDoubt, paymentUnderWay, strong } from './bill.ts';
import type { Following } from './following.ts';
import type { TillDeps } from './till.ts';

/** The till's screen: who and where, the bill, what is under way, what was said last. */
export const drawTill = (deps: TillDeps, said: readonly string[]): readonly string[] => {
  const { following, counterId, currency } = deps;
  const notice = deps.notices.last();
  const order = following.order();
  return [
    headText(deps),
    ...(order === null ? [] : billText(order)),
    ...(order === null ? [] : cardText(order, following, currency)),
    ...survivedText(following),
    ...printerText(following, counterId),
    ...(said.length === 0 ? [] : ['', ...said]),
    ...(notice === null ? [] : ['', dim(`  ${notice}`)]),
    ...(order === null && said.length === 0 ? ['', dim('  Ready. Scan or type a code; ? shows the keys.')] : []),
  ];
};

const headText = ({ storeName, counterId, operator, following }: TillDeps): string => {
  const day = following.day()?.data['businessDate'];
  const place = `counter ${counterId} · ${operator.id} · ${typeof day === 'string' && day !== '' ? day : 'no day'}`;
  const room = Math.max(1, columns - storeName.length - place.length - 2);
  return strong(`  ${storeName}${' '.repeat(room)}${place}`);
};

const phaseWords: Readonly<Record<string, string>> = {
  authorizing: 'present the card at the terminal …   a aborts',
  asking: 'the terminal is asked what became of it …',
  unknown: 'no answer yet; the terminal is asked again. Take cash (p), or wait',
  needsOperator: 'the terminal does not answer. Take cash (p); a asks once more',
};

const cardText = (order: View, following: Following, currency: string): readonly string[] => {
  const payment = paymentUnderWay(order) ?? paymentInDoubt(order);
  const notice = following.counter()?.data['notice'] as {
    readonly type: string;
    readonly reason: string | null;
  } | null;
  if (payment !== null && payment.method === 'card') {
    const phase = following.view(address(payment.kind, payment.paymentId))?.data['phase'];
    const words = phaseWords[String(phase)] ?? 'under way …';
    return ['', `  Card ${formatMinor(payment.amountMinor, currency)}: ${words}`];
  }
  if (notice?.type === 'PAYMENT_FAILED') {
    return [
      '',
      `  Payment failed: ${(notice.reason ?? '').replaceAll('-', ' ')}. Nothing was charged. Try again, or p for cash.`,
    ];
  }
  if (notice?.type === 'PAYMENT_REVERSED') return ['', '  The payment was given back.'];
  return [];
};

const survivedText = (following: Following): readonly string[] =>
  following.counter()?.data['survived'] === true
    ? ['', '  This bill was open when the store stopped. Go on with it, or k cancels it.']
    : [];

const printerWords: Readonly<Record<string, string>> = {
  disconnected: 'is off or away',
  noPaper: 'has no paper',
  coverOpen: 'is open',
};

const printerText = (following: Following, counterId: string): readonly string[] => {
  const printer = following.view(address('printer', counterId));
  const jobs = printer?.data['jobs'];
  const words = printerWords[printer?.status ?? ''];
  if (words === undefined || !Array.isArray(jobs) || jobs.length === 0) return [];
  return ['', `  The printer ${words}; ${jobs.length} receipts wait for it. Selling goes on.`];
};
