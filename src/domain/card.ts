import type { Address } from './address.ts';

export interface CardRequest {
  /** Who asked: outcomes, late ones too, go back there. */
  readonly requester: Address;
  /** The reference under which the terminal can be asked later: the payment's or refund's id. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
}
export interface CardReference {
  readonly requester: Address;
  readonly reference: string;
}

/** What a payment terminal may hand out: no card number but the masked one (K1). */
export interface CardApproval {
  readonly authCode: string;
  readonly maskedPan: string;
  readonly scheme: string;
  /** The terminal's own receipt number, needed to reverse. */
  readonly terminalReceipt: string;
  readonly amountMinor: number;
}
export type CardFailure = 'declined' | 'aborted' | 'busy' | 'wrong-amount' | 'not-supported';
