import { expandUpcE, checkDigit, parseGtin, valueCheckDigit } from './barcode.ts';
import type { RefusedCode } from './barcode.ts';
import { assert } from './errors.ts';
import { parseMinor } from './money.ts';

/**
 * How a store's own labels carry price or weight, seen as 13 digits (UPC-A with a zero in front):
 * prefix, item, optional value check digit, value, check digit. The digits before the last must be twelve.
 */
export interface EmbeddedRule {
  /** `02` for a UPC-A that begins with 2, `28` for an EAN. */
  readonly prefix: string;
  readonly itemDigits: number;
  readonly valueDigits: number;
  readonly value: 'price' | 'weight';
  /** What one step of the value is: minor units, or thousandths of the weight unit. */
  readonly step: number;
  /** Whether a check digit of the value stands before it; four or five digits only. */
  readonly valueCheck: boolean;
}

export interface CodeRules {
  readonly currency: string;
  readonly embedded: readonly EmbeddedRule[];
}

export type EmbeddedValue =
  | { readonly type: 'price'; readonly amountMinor: number }
  | { readonly type: 'weight'; readonly quantity: number };

export type ProductCode =
  | { readonly ok: true; readonly kind: 'gtin'; readonly key: string }
  /** Up to five digits, typed or from a sticker: produce and the store's own. */
  | { readonly ok: true; readonly kind: 'plu'; readonly key: string }
  /** `key` is the same label with value 0, so that all labels of an article have one; `item` is what stands between. */
  | {
      readonly ok: true;
      readonly kind: 'embedded';
      readonly key: string;
      readonly item: string;
      readonly value: EmbeddedValue;
    }
  /** Open ring: `2.99DP150`. */
  | { readonly ok: true; readonly kind: 'department'; readonly department: string; readonly amountMinor: number }
  | RefusedCode;

const pluDigitsMax = 5;

/**
 * What a scanned or typed code is. Its `key` is how a catalogue finds it: digits without leading zeros, for GTIN-8 to -14 of one article
 * differ in nothing else (GS1 General Specifications 3.3.2); UPC-E as the UPC-A it stands for. Eight digits that are both a right UPC-E and a
 * right GTIN-8 are taken as UPC-E if they begin with 0 (a GTIN-8 there is some store's own), as GTIN-8 if with 1.
 */
export const readCode = (text: string, rules: CodeRules): ProductCode => {
  const code = text.trim();
  if (code.includes('DP')) return readDepartment(code, rules.currency);
  if (/^\d+$/.test(code) && code.length <= pluDigitsMax) return { ok: true, kind: 'plu', key: significant(code) };
  const upcE = code.length === 8 ? expandUpcE(code) : null;
  const gtin = parseGtin(code);
  if (upcE?.ok === true && (!gtin.ok || code.startsWith('0')))
    return { ok: true, kind: 'gtin', key: significant(upcE.upcA) };
  if (!gtin.ok) return gtin;
  const rule = rules.embedded.find(({ prefix }) => gtin.gtin.startsWith(`0${prefix}`));
  if (code.length === 8 || rule === undefined) return { ok: true, kind: 'gtin', key: significant(gtin.gtin) };
  return readEmbedded(gtin.gtin.slice(1), rule);
};

const readEmbedded = (digits: string, rule: EmbeddedRule): ProductCode => {
  assertRule(rule);
  const itemFrom = rule.prefix.length;
  const item = digits.slice(itemFrom, itemFrom + rule.itemDigits);
  const valueText = digits.slice(12 - rule.valueDigits, 12);
  const stated = digits.slice(itemFrom + rule.itemDigits, 12 - rule.valueDigits);
  if (rule.valueCheck && stated !== valueCheckDigit(valueText)) return { ok: false, reason: 'check-digit' };
  const body = (rule.prefix + item).padEnd(12, '0');
  const size = Number(valueText) * rule.step;
  const value: EmbeddedValue =
    rule.value === 'price' ? { type: 'price', amountMinor: size } : { type: 'weight', quantity: size };
  return { ok: true, kind: 'embedded', key: significant(body + checkDigit(body)), item, value };
};

const assertRule = ({ prefix, itemDigits, valueDigits, valueCheck, step }: EmbeddedRule): void => {
  const digits = prefix.length + itemDigits + (valueCheck ? 1 : 0) + valueDigits;
  assert(digits === 12, `a label has twelve digits before its check digit: ${prefix}`);
  assert(!valueCheck || valueDigits === 4 || valueDigits === 5, 'a value check digit is of four or five digits');
  assert(Number.isSafeInteger(step) && step > 0, 'a step is a positive integer');
};

const readDepartment = (code: string, currency: string): ProductCode => {
  const [amountText = '', department = '', ...more] = code.split('DP');
  if (more.length > 0 || !/^\d{1,4}$/.test(department)) return { ok: false, reason: 'characters' };
  const amount = parseMinor(amountText, currency);
  if (!amount.ok) return { ok: false, reason: amount.reason === 'too-large' ? 'length' : 'characters' };
  return { ok: true, kind: 'department', department, amountMinor: amount.amountMinor };
};

/** Digits without leading zeros. */
const significant = (digits: string): string => digits.replace(/^0+(?=\d)/, '');
