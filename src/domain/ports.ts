import type { CardApproval, CardFailure, CardReference, CardRequest } from './card.ts';
import type { Address } from './address.ts';
import type { Refusal } from './errors.ts';
import type { Operator } from './roles.ts';
import type { Message } from './message.ts';
import type { DisplayText, DrawerKick, PrintReference, PrintRequest } from './effects.ts';

// ---- the store, as frontends, agents, tests and the command line see it -------------------------------------------

/** A command to one actor. `id` is the client's own (UUID v7): sent again, it has one effect and gets the same answer. */
export interface Command {
  readonly id: string;
  readonly operator: Operator;
  readonly event: Message;
}

export type Ack = Accepted | Refused;
export interface Accepted {
  readonly ok: true;
  readonly id: string;
  /** Journal sequence of the last turn that the command caused: durable when this is read. */
  readonly sequence: number;
  /** What the actors answered: order id, line, totals … */
  readonly answer: Readonly<Record<string, unknown>>;
}
export interface Refused extends Refusal {
  readonly ok: false;
  readonly id: string;
}

/** Public state of an actor; `status` is a word of view.ts, never a state value of a machine. */
export interface View {
  readonly address: Address;
  readonly revision: number;
  readonly status: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One committed turn. */
export interface Change {
  readonly sequence: number;
  readonly address: Address;
  readonly revision: number;
  /** The event that caused the turn. */
  readonly event: string;
  readonly status: string;
  readonly messageId: string;
  readonly at: number;
  /** The actor's view after this turn; null where a later turn of the same actor follows at once. */
  readonly view: View | null;
}

export interface ChangeFilter {
  /** Only these actors; empty for all. `order/*` stands for all of a kind. */
  readonly addresses: readonly string[];
}

export interface Store {
  /** Resolves after the commit. Never rejects: what fails is a Refused. */
  send(to: Address, command: Command): Promise<Ack>;
  read(of: Address): Promise<View | null>;
  /**
   * Every change after `fromSequence`, in order, without gap or twin, first those already in the journal.
   * The returned function ends it. A listener that throws ends its own subscription only.
   */
  subscribe(filter: ChangeFilter, fromSequence: number, listener: (change: Change) => void): () => void;
}

// ---- devices: few verbs, outcomes as values ------------------------------------------------------------------------

/** What a device tells without being asked goes to its actor as a message. */
export type DeviceListener = (event: Message) => void;

export interface Device {
  /** Opens the line. Connection lost later comes as a DISCONNECTED message. */
  connect(listener: DeviceListener): Promise<ConnectOutcome>;
  close(): Promise<void>;
}
export type ConnectOutcome = { readonly outcome: 'connected' } | { readonly outcome: 'unreachable' };

export type CardOutcome =
  | ({ readonly outcome: 'approved' } & CardApproval)
  | { readonly outcome: 'failed'; readonly reason: CardFailure }
  /** The request may or may not have reached the host: ask. */
  | { readonly outcome: 'no-answer' }
  /** The request certainly did not leave: nothing was charged. */
  | { readonly outcome: 'unreachable' };
export type CardQueryOutcome =
  | CardOutcome
  /** The terminal knows the reference and is still at it. */
  | { readonly outcome: 'in-progress' }
  /** The terminal has never heard of this reference: nothing was charged. */
  | { readonly outcome: 'not-found' }
  /** It was approved and taken back, by us or by the terminal itself. */
  | { readonly outcome: 'reversed' };
export type ReversalOutcome =
  | { readonly outcome: 'reversed' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'failed'; readonly reason: CardFailure }
  | { readonly outcome: 'no-answer' }
  | { readonly outcome: 'unreachable' };

export type ConfirmOutcome =
  | { readonly outcome: 'confirmed' }
  | { readonly outcome: 'reversed' }
  | { readonly outcome: 'no-answer' }
  | { readonly outcome: 'unreachable' };

export interface PaymentTerminal extends Device {
  authorize(request: CardRequest): Promise<CardOutcome>;
  /** Our record of the approval is durable. `reversed`: too late, the terminal has taken the payment back. */
  confirm(reference: CardReference): Promise<ConfirmOutcome>;
  query(reference: CardReference): Promise<CardQueryOutcome>;
  reverse(request: CardRequest): Promise<ReversalOutcome>;
  refund(request: CardRequest): Promise<CardOutcome>;
  abort(reference: CardReference): Promise<{ readonly outcome: 'aborting' | 'unreachable' }>;
}

export type PrintOutcome =
  /** The printer says that it is on paper. */
  | { readonly outcome: 'printed' }
  /** Nothing of the job is on paper. */
  | { readonly outcome: 'no-paper' | 'cover-open' | 'offline' }
  /** It may be on paper, or half of it: never printed again without COPY. */
  | { readonly outcome: 'unsure' };
export type PrintQueryOutcome = PrintOutcome | { readonly outcome: 'not-found' };

export interface ReceiptPrinter extends Device {
  print(request: PrintRequest): Promise<PrintOutcome>;
  /** Whether a job came out, where the printer can tell; `unsure` where it cannot. */
  query(job: PrintReference): Promise<PrintQueryOutcome>;
}

export interface CashDrawer extends Device {
  open(kick: DrawerKick): Promise<{ readonly outcome: 'opened' | 'unreachable' }>;
}
export interface CustomerDisplay extends Device {
  show(text: DisplayText): Promise<{ readonly outcome: 'shown' | 'unreachable' }>;
}
/** A scanner only tells: SCANNED { code } messages. */
export type Scanner = Device;

/** Devices by counter id. A counter may lack any of them. */
export interface Devices {
  readonly terminals: ReadonlyMap<string, PaymentTerminal>;
  readonly printers: ReadonlyMap<string, ReceiptPrinter>;
  readonly drawers: ReadonlyMap<string, CashDrawer>;
  readonly displays: ReadonlyMap<string, CustomerDisplay>;
  readonly scanners: ReadonlyMap<string, Scanner>;
}
