import { readCode } from '../domain/product-code.ts';
import type { CodeRules, ProductCode } from '../domain/product-code.ts';

/** For codes that carry nothing but their product: the currency is only asked for open rings. */
const plainRules: CodeRules = { currency: 'USD', embedded: [] };

/** Lengths that a code with lost zeros is filled up to: GTIN-8 or UPC-E, and UPC-A. Check digits stay right under more of them. */
const filledLengths = [8, 12] as const;
const pluDigitsMax = 5;

const isDigits = (text: string): boolean => /^\d+$/.test(text);

/**
 * What a code is stored and found under. Digits without leading zeros: a spreadsheet loses them, a scanner adds them, and they
 * make no difference between GTIN-8, -12, -13 and -14 (see `readCode`). Anything else: its capitals.
 */
export const codeKey = (code: string): string => {
  const text = code.trim();
  return isDigits(text) ? text.replace(/^0+(?=\d)/, '') : text.toUpperCase();
};

/** The key of a code as it is written, then that of the UPC-A which it stands for, if it is a UPC-E. */
export const codeKeys = (code: string): readonly string[] => {
  const key = codeKey(code);
  const read = readFilled(code.trim());
  return read.ok && read.kind === 'gtin' && read.key !== key ? [key, read.key] : [key];
};

/** What is wrong with a code that should be a GTIN, UPC-E or PLU, and what to do; null where nothing is. */
export const codeProblem = (code: string): string | null => {
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(code))
    return 'was shortened by a spreadsheet: format the column as text and fill it in again';
  if (!isDigits(code)) return 'is neither a GTIN nor a PLU: a code of the store itself belongs under own_codes';
  const read = readFilled(code);
  if (read.ok) return null;
  const ownCode = 'if it is the store’s own number, put it under own_codes';
  return read.reason === 'check-digit'
    ? `has a wrong check digit: correct it, or ${ownCode}`
    : `has ${code.length} digits, a GTIN has 8, 12, 13 or 14: correct it, or ${ownCode}`;
};

/** Reads digits after putting lost zeros back; a code of up to five digits is a PLU and has none to lose. */
const readFilled = (code: string): ProductCode => {
  const length = filledLengths.find((filled) => code.length <= filled) ?? code.length;
  return readCode(isDigits(code) && code.length > pluDigitsMax ? code.padStart(length, '0') : code, plainRules);
};
