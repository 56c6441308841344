import type { CardApproval } from './card.ts';
import type { OrderLine, OrderTotals, PriceModifier } from './order.ts';
import type { Role } from './roles.ts';

/**
 * What happened, in the words of the business: the append-only log that projections are made from and that HQ gets (S1).
 * A fact is never changed; a new shape is a new version. Amounts are minor units, quantities thousandths.
 */
export type Fact =
  | FactOf<'day.opened' | 'day.closed', { readonly businessDate: string }>
  | FactOf<'shift.opened', ShiftOpened>
  | FactOf<'shift.closed', ShiftClosed>
  | FactOf<'till.moved', TillMoved>
  | FactOf<'order.created', OrderCreated>
  | FactOf<'order.suspended' | 'order.resumed', OrderMoved>
  | FactOf<'order.cancelled', OrderCancelled>
  | FactOf<'order.paid', OrderPaid>
  | FactOf<'order.receipted', { readonly orderId: string; readonly copies: number }>
  | FactOf<'order.disputed', { readonly orderId: string; readonly paymentId: string; readonly reason: string }>
  | FactOf<'payment.initiated', PaymentInitiated>
  | FactOf<'payment.succeeded', PaymentSucceeded>
  | FactOf<'payment.failed', { readonly paymentId: string; readonly orderId: string; readonly reason: string }>
  | FactOf<'payment.unknown', { readonly paymentId: string; readonly orderId: string }>
  | FactOf<'payment.reversed', { readonly paymentId: string; readonly orderId: string; readonly reason: string }>;

interface FactOf<T extends string, P> {
  readonly type: T;
  readonly payload: P;
}

export interface OrderCreated {
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly operatorId: string;
  readonly currency: string;
  readonly at: number;
}

/** An order leaves a counter, or comes to one. */
export interface OrderMoved {
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
}

/** A line as it was sold. */
export interface SoldLine extends Pick<
  OrderLine,
  | 'line'
  | 'type'
  | 'productId'
  | 'code'
  | 'description'
  | 'department'
  | 'quantity'
  | 'unitPriceMinor'
  | 'taxClass'
  | 'voids'
  | 'returnOf'
> {
  readonly extendedMinor: number;
  readonly modifiers: readonly PriceModifier[];
  readonly totalMinor: number;
}

export interface OrderPaid {
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  /** Gapless per counter; taken in the commit. */
  readonly receiptNumber: number;
  readonly currency: string;
  readonly lines: readonly SoldLine[];
  readonly totals: OrderTotals;
  /** Difference that cash rounding made, in the total's favour when positive. */
  readonly roundingMinor: number;
  readonly changeMinor: number;
  /** Stock moves: one entry a line that moves stock, in the same transaction as PAID (F4, D3). */
  readonly ledger: readonly LedgerEntry[];
  readonly at: number;
}

export interface LedgerEntry {
  readonly productId: string;
  /** Thousandths; negative leaves the store. */
  readonly change: number;
  readonly reason: 'sale' | 'return';
  readonly line: number;
}

export interface OrderCancelled {
  readonly orderId: string;
  readonly counterId: string;
  readonly reason: string;
  readonly lines: number;
  readonly totalMinor: number;
}

export type PaymentMethod = 'cash' | 'card' | 'other';

export interface PaymentInitiated {
  readonly paymentId: string;
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly method: PaymentMethod;
  /** The store's name for the tender: CASH, CARD, CHECK … */
  readonly tender: string;
  /** What it pays of the order; negative when money goes back. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: number;
}

export interface PaymentSucceeded {
  readonly paymentId: string;
  readonly orderId: string;
  /** The terminal's reference, or none for cash. */
  readonly approval: CardApproval | null;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  readonly roundingMinor: number;
  /** Who decided, where it was a person. */
  readonly decidedBy: string | null;
}

export type TillMovement = 'float' | 'paid-in' | 'paid-out' | 'safe-drop' | 'no-sale';

export interface TillMoved {
  readonly movementId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly movement: TillMovement;
  /** Signed: into the drawer is positive. */
  readonly amountMinor: number;
  readonly reason: string;
  readonly operatorId: string;
  readonly at: number;
}

export interface ShiftOpened {
  readonly shiftId: string;
  readonly counterId: string;
  readonly businessDate: string;
  readonly operatorId: string;
  readonly role: Role;
  readonly floatMinor: number;
  readonly at: number;
}

export interface ShiftClosed {
  readonly shiftId: string;
  readonly counterId: string;
  /** Z number of this counter, gapless. */
  readonly zNumber: number;
  readonly countedMinor: number;
  readonly report: ShiftReport;
  readonly operatorId: string;
  readonly at: number;
}

/** X and Z report: derived from payments and movements each time, never accumulated. */
export interface ShiftReport {
  readonly shiftId: string;
  readonly counterId: string;
  readonly businessDate: string;
  readonly orders: number;
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly roundingMinor: number;
  /** Net by tender name, change taken off cash. */
  readonly tenders: Readonly<Record<string, number>>;
  readonly movements: Readonly<Partial<Record<TillMovement, number>>>;
  /** What should lie in the drawer. */
  readonly expectedCashMinor: number;
  /** Payments that nobody knows the end of yet: they are in no sum, and may still come in. */
  readonly unsurePayments: number;
  readonly unsureMinor: number;
  readonly voidLines: number;
  readonly returnLines: number;
  readonly cancelledOrders: number;
  readonly firstReceipt: number | null;
  readonly lastReceipt: number | null;
}
