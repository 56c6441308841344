import type { PaymentMethod } from './facts.ts';

/** A means of payment that the store takes. */
export interface Tender {
  /** CASH, CARD, CHECK, VOUCHER … */
  readonly code: string;
  readonly name: string;
  readonly method: PaymentMethod;
  /** May be more than is due; the rest is given back in cash. */
  readonly givesChange: boolean;
  readonly opensDrawer: boolean;
  /** Largest amount of one payment; 0 for no limit. */
  readonly maxMinor: number;
}
