import { parseMinor } from '../../domain/money.ts';
import { readCode } from '../../domain/product-code.ts';
import { parseQuantity } from '../../domain/quantity.ts';

/** What a cashier can type, one line each. Letters are commands, everything that begins with a digit is sold. */
export type TillLine =
  | { readonly type: 'code'; readonly code: string; readonly quantity: number | null }
  | { readonly type: 'department'; readonly department: string; readonly amountMinor: number }
  | { readonly type: 'void'; readonly line: number }
  | {
      readonly type: 'suspend' | 'sell-on' | 'cancel' | 'abort' | 'copy' | 'x' | 'no-sale' | 'close' | 'help' | 'empty';
    }
  | { readonly type: 'quit' }
  | { readonly type: 'resume'; readonly place: number | null }
  | { readonly type: 'discount'; readonly percentHundredths: number }
  | { readonly type: 'pay'; readonly tender: 'CASH' | 'CARD'; readonly amountMinor: number | null }
  | { readonly type: 'member'; readonly memberId: string | null }
  | { readonly type: 'find'; readonly text: string }
  | { readonly type: 'mistake'; readonly problem: string };

/** The keys, as `?` shows them. */
export const keyLines: readonly (readonly [string, string])[] = [
  ['4011', 'scan or type a code, then Enter'],
  ['3*4011', 'three of it; 0.85*4011 for a weight'],
  ['2.99DP10', 'an amount without a product, in department 10'],
  ['f milk', 'find by name'],
  ['v 2', 'void line 2'],
  ['d 10', '10 % off the bill; d 0 takes it back'],
  ['m 4711', 'member; m alone: none'],
  ['c', 'card; c 20 for a part of it'],
  ['p', 'cash, exact; p 20 for a twenty'],
  ['a', 'abort the card payment, or ask the terminal again'],
  ['b', 'back from paying to selling'],
  ['s   r', 'suspend the bill; resume one'],
  ['k', 'cancel the bill'],
  ['y', 'print the last receipt once more'],
  ['x   n', 'X report; open the drawer'],
  ['z', 'count and close the counter'],
  ['q', 'leave; the counter stays as it is'],
];

const single = {
  '': 'empty',
  s: 'suspend',
  b: 'sell-on',
  k: 'cancel',
  a: 'abort',
  y: 'copy',
  x: 'x',
  n: 'no-sale',
  z: 'close',
  q: 'quit',
  '?': 'help',
} as const;

const mistake = (problem: string): TillLine => ({ type: 'mistake', problem });

export const readTillLine = (typed: string, currency: string): TillLine => {
  const text = typed.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  const key = word.toLowerCase();
  const argument = rest.join(' ');
  if (key in single && argument === '') return { type: single[key as keyof typeof single] };
  if (/^\d/.test(text)) return readSold(text, currency);
  switch (key) {
    case 'v':
      return /^\d+$/.test(argument) ? { type: 'void', line: Number(argument) } : mistake('which line? Like: v 2');
    case 'r':
      return readResume(argument);
    case 'd':
      return readDiscount(argument);
    case 'c':
    case 'p':
      return readPay(key === 'c' ? 'CARD' : 'CASH', argument, currency);
    case 'm':
      return { type: 'member', memberId: argument === '' ? null : argument };
    case 'f':
      return argument === '' ? mistake('find what? Like: f milk') : { type: 'find', text: argument };
    default:
      return mistake(`"${text}" is no code and no command; ? shows them`);
  }
};

const readSold = (text: string, currency: string): TillLine => {
  const ring = readCode(text.toUpperCase().replaceAll(' ', ''), { currency, embedded: [] });
  if (ring.ok && ring.kind === 'department') {
    return { type: 'department', department: ring.department, amountMinor: ring.amountMinor };
  }
  const [left = '', right, ...more] = text.split('*').map((part) => part.trim());
  if (right === undefined) return { type: 'code', code: left, quantity: null };
  const quantity = parseQuantity(left);
  if (!quantity.ok || right === '' || more.length > 0) return mistake(`"${text}": a quantity and a code, like 3*4011`);
  return { type: 'code', code: right, quantity: quantity.quantity };
};

const readResume = (argument: string): TillLine => {
  if (argument === '') return { type: 'resume', place: null };
  return /^\d+$/.test(argument)
    ? { type: 'resume', place: Number(argument) }
    : mistake('which bill? r lists them, r 1 takes the first');
};

const readDiscount = (argument: string): TillLine => {
  const percent = parseMinor(argument.replace('%', ''), 'USD');
  return percent.ok && percent.amountMinor >= 0 && percent.amountMinor <= 10_000
    ? { type: 'discount', percentHundredths: percent.amountMinor }
    : mistake('how many percent? Like: d 10');
};

const readPay = (tender: 'CASH' | 'CARD', argument: string, currency: string): TillLine => {
  if (argument === '') return { type: 'pay', tender, amountMinor: null };
  const amount = parseMinor(argument, currency);
  return amount.ok
    ? { type: 'pay', tender, amountMinor: amount.amountMinor }
    : mistake(`"${argument}" is no amount of ${currency}`);
};
