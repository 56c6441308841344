import type { PaymentInitiated, PaymentMethod } from './facts.ts';

/** What a payment or refund is started with. */
export interface PaymentStart {
  readonly paymentId: string;
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly method: PaymentMethod;
  readonly tender: string;
  /** What it pays of the order; negative for money back. */
  readonly amountMinor: number;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  readonly roundingMinor: number;
  readonly currency: string;
  /** Training pays nothing and leaves no trace in the figures. */
  readonly training: boolean;
}

export const blankPayment: PaymentStart = {
  paymentId: '',
  orderId: '',
  counterId: '',
  shiftId: '',
  businessDate: '',
  method: 'cash',
  tender: '',
  amountMinor: 0,
  tenderedMinor: 0,
  changeMinor: 0,
  roundingMinor: 0,
  currency: '',
  training: false,
};

export const initiatedOf = (payment: PaymentStart, at: number): PaymentInitiated => ({
  paymentId: payment.paymentId,
  orderId: payment.orderId,
  counterId: payment.counterId,
  shiftId: payment.shiftId,
  businessDate: payment.businessDate,
  method: payment.method,
  tender: payment.tender,
  amountMinor: payment.amountMinor,
  currency: payment.currency,
  at,
});
