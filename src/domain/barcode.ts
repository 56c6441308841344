/** Why a code is refused. */
export type CodeFailure = 'characters' | 'length' | 'check-digit';

export interface RefusedCode {
  readonly ok: false;
  readonly reason: CodeFailure;
}

export type ParsedGtin = { readonly ok: true; readonly gtin: string } | RefusedCode;
export type ExpandedUpcE = { readonly ok: true; readonly upcA: string } | RefusedCode;

/** Lengths of GTIN-8, -12 (UPC-A), -13 (EAN) and -14. */
const gtinLengths: readonly number[] = [8, 12, 13, 14];

/** Check digit of a GTIN without it: weights 3, 1, 3 … from the right (GS1 General Specifications 7.9.1). Leading zeros change nothing. */
export const checkDigit = (body: string): string => {
  const sum = Array.from(body).reduce((total, digit, index) => {
    const weight = (body.length - index) % 2 === 1 ? 3 : 1;
    return total + Number(digit) * weight;
  }, 0);
  return String((10 - (sum % 10)) % 10);
};

/** Reads a GTIN as written: 8, 12, 13 or 14 digits with a right check digit. Gives 14 digits, zero-filled. Nothing is repaired. */
export const parseGtin = (text: string): ParsedGtin => {
  if (!/^\d+$/.test(text)) return { ok: false, reason: 'characters' };
  if (!gtinLengths.includes(text.length)) return { ok: false, reason: 'length' };
  return hasCheckDigit(text) ? { ok: true, gtin: text.padStart(14, '0') } : { ok: false, reason: 'check-digit' };
};

const hasCheckDigit = (digits: string): boolean => checkDigit(digits.slice(0, -1)) === digits.slice(-1);

/** UPC-E as scanned, 8 digits with number system (0 or 1) and check digit, as the UPC-A it stands for (GS1 5.2.2.4.2). */
export const expandUpcE = (text: string): ExpandedUpcE => {
  if (!/^\d+$/.test(text)) return { ok: false, reason: 'characters' };
  if (text.length !== 8 || !/^[01]/.test(text)) return { ok: false, reason: 'length' };
  const digits = text.slice(1, 7);
  const upcA = text.slice(0, 1) + widen(digits) + text.slice(7);
  return hasCheckDigit(upcA) ? { ok: true, upcA } : { ok: false, reason: 'check-digit' };
};

/** Six digits of UPC-E as ten of UPC-A: the last says where the zeros were. */
const widen = (digits: string): string => {
  const last = digits.slice(5);
  if (last <= '2') return `${digits.slice(0, 2)}${last}0000${digits.slice(2, 5)}`;
  if (last === '3') return `${digits.slice(0, 3)}00000${digits.slice(3, 5)}`;
  if (last === '4') return `${digits.slice(0, 4)}00000${digits.slice(4, 5)}`;
  return `${digits.slice(0, 5)}0000${last}`;
};

/** The UPC-E of a UPC-A, 8 digits; null where it has none. */
export const compressUpcA = (upcA: string): string | null => {
  const parsed = upcA.length === 12 ? parseGtin(upcA) : null;
  const match = /^[01]/.test(upcA) && parsed?.ok === true ? narrow(upcA.slice(1, 11)) : null;
  return match === null ? null : upcA.slice(0, 1) + match + upcA.slice(11);
};

const narrow = (digits: string): string | null => {
  if (/^..[012]0000/.test(digits)) return digits.slice(0, 2) + digits.slice(7) + digits.slice(2, 3);
  if (/^...00000/.test(digits)) return `${digits.slice(0, 3)}${digits.slice(8)}3`;
  if (/^....00000/.test(digits)) return `${digits.slice(0, 4)}${digits.slice(9)}4`;
  if (/^.....0000[5-9]/.test(digits)) return digits.slice(0, 5) + digits.slice(9);
  return null;
};

/** Weighted products of a digit, 0 to 9 (GS1 General Specifications 7.9.2). */
const twoMinus = '0246891357';
const fiveMinus = '0594837261';
const fivePlus = '0516273849';
const three = '0369258147';

/** Verifier of four or five digits of price or weight inside a code (GS1 General Specifications 7.9.3, 7.9.4). */
export const valueCheckDigit = (digits: string): string => {
  const weights =
    digits.length === 4 ? [twoMinus, twoMinus, three, fiveMinus] : [fivePlus, twoMinus, fiveMinus, fivePlus, twoMinus];
  const sum = weights.reduce((total, weight, index) => total + Number(weight.charAt(Number(digits.charAt(index)))), 0);
  return digits.length === 4 ? String((sum * 3) % 10) : String(fiveMinus.indexOf(String((10 - (sum % 10)) % 10)));
};
