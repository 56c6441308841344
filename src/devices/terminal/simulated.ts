import type { CardFailure, CardRequest } from '../../domain/card.ts';
import type { CardOutcome, ConfirmOutcome, PaymentTerminal } from '../../domain/ports.ts';
import type { DeviceMemory } from '../memory.ts';
import { createSimulatedLine, type SimulatedLine } from '../simulated-line.ts';
import { approvedBy, createCardBook, type CardBook, type CardEntry } from './simulated-book.ts';

export interface SimulatedTerminalDeps {
  readonly wait: (ms: number) => Promise<void>;
  readonly memory: DeviceMemory;
}
export interface SimulatedTerminalOptions {
  /** How long a customer takes to present the card, and how long the bank takes. 0, the default: answers in a microtask. */
  readonly cardMs?: number;
  readonly bankMs?: number;
  /** Takes an approval back by itself when it is not confirmed for so long, as some terminals do. Without it never. */
  readonly takesBackMs?: number;
}

/** A payment terminal with a bank behind it, and verbs for all that goes wrong. It outlives the store through its memory. */
export interface SimulatedTerminal extends PaymentTerminal, TerminalVerbs {
  /** Everything that it booked, with the latest state; a reference charged twice stands here twice. */
  book(): readonly CardEntry[];
}

export interface TerminalVerbs {
  /** For the next card not spoken for yet, in the order of the calls. Without any of these a card is approved. */
  approveNext(): void;
  declineNext(reason?: CardFailure): void;
  /** Approved, and the answer takes its time. */
  answerLate(ms: number): void;
  /** Approved, and the answer never comes. The line stays up. */
  loseAnswer(): void;
  /** Approved in its memory, and the line is lost before the answer. */
  approveThenDrop(): void;
  /** From now on a customer takes so long to present the card; until then it can be aborted. */
  cardTakes(ms: number): void;
  /** The next confirmation is lost on its way: neither stored nor answered. */
  loseConfirm(): void;
  /** Takes back every approval that was not confirmed. */
  reverseUnconfirmed(): void;
  dropLine(): void;
  powerOff(): void;
  powerOn(): void;
}

type Next =
  | { readonly decision: 'approve'; readonly answer: 'comes' | 'never' | 'dropped'; readonly lateMs: number }
  | { readonly decision: 'decline'; readonly reason: CardFailure };

interface AtCard {
  readonly reference: string;
  readonly abort: () => void;
}
interface TerminalState {
  readonly script: Next[];
  cardMs: number;
  /** Who stands before it with a card in hand. */
  atCard: AtCard | null;
  confirmsLost: number;
}

const approve: Next = { decision: 'approve', answer: 'comes', lateMs: 0 };
const unreachable = { outcome: 'unreachable' } as const;
const noAnswer = { outcome: 'no-answer' } as const;

export const createSimulatedTerminal = (
  deps: SimulatedTerminalDeps,
  options: SimulatedTerminalOptions = {},
): SimulatedTerminal => {
  const line = createSimulatedLine();
  const book = createCardBook(deps.memory);
  const state: TerminalState = { script: [], cardMs: options.cardMs ?? 0, atCard: null, confirmsLost: 0 };
  const charge = createCharging({ line, book, state, wait: deps.wait }, options);
  const call = <T>(work: () => T): Promise<T | typeof unreachable | typeof noAnswer> =>
    line.call<T | typeof unreachable | typeof noAnswer>(async () => work(), unreachable, noAnswer);

  const confirm = (reference: string): ConfirmOutcome => {
    if (state.confirmsLost === 0) return book.confirm(reference);
    state.confirmsLost -= 1;
    return noAnswer;
  };
  const abort = (reference: string): AbortOutcome => {
    if (state.atCard?.reference === reference) state.atCard.abort();
    return { outcome: 'aborting' };
  };
  return {
    ...line.port,
    ...verbsOf(line, book, state),
    authorize: (request) => line.call(() => charge('charge', request), unreachable, noAnswer),
    refund: (request) => line.call(() => charge('refund', request), unreachable, noAnswer),
    confirm: ({ reference }) => call(() => confirm(reference)),
    query: ({ reference }) =>
      call(() => (state.atCard?.reference === reference ? { outcome: 'in-progress' } : book.query(reference))),
    reverse: ({ reference }) => call(() => book.reverse(reference)),
    abort: ({ reference }) => line.call<AbortOutcome>(async () => abort(reference), unreachable, unreachable),
    book: book.entries,
  };
};

type AbortOutcome = Awaited<ReturnType<PaymentTerminal['abort']>>;

interface ChargingDeps {
  readonly line: SimulatedLine;
  readonly book: CardBook;
  readonly state: TerminalState;
  readonly wait: (ms: number) => Promise<void>;
}

const createCharging = ({ line, book, state, wait }: ChargingDeps, options: SimulatedTerminalOptions) => {
  const takeBackLater = async ({ reference }: CardEntry): Promise<void> => {
    if (options.takesBackMs === undefined) return;
    await wait(options.takesBackMs);
    if (isUnconfirmed(book.entries(), reference)) book.reverse(reference);
  };
  for (const entry of book.entries()) if (entry.state === 'approved') void takeBackLater(entry);

  const refuse = ({ reference }: CardRequest, reason: CardFailure): CardOutcome => {
    book.fail(reference, reason);
    return { outcome: 'failed', reason };
  };
  /** False where it was aborted or the power failed before there was a card. */
  const presentCard = async (reference: string): Promise<boolean> => {
    if (state.cardMs === 0) return true;
    const aborted = new Promise<boolean>((resolve) => {
      state.atCard = { reference, abort: () => resolve(false) };
    });
    const presented = await Promise.race([wait(state.cardMs).then(() => true), aborted]);
    state.atCard = null;
    return presented;
  };
  return async (kind: CardEntry['kind'], request: CardRequest): Promise<CardOutcome> => {
    if (state.atCard !== null) return { outcome: 'failed', reason: 'busy' };
    if (!Number.isSafeInteger(request.amountMinor) || request.amountMinor <= 0) return refuse(request, 'wrong-amount');
    const next = state.script.shift() ?? approve;
    if (!(await presentCard(request.reference))) return refuse(request, 'aborted');
    if (next.decision === 'decline') return refuse(request, next.reason);
    const entry = book.approve(kind, request);
    void takeBackLater(entry);
    if (next.answer === 'dropped') line.drop();
    if (next.answer === 'never') await new Promise(() => {});
    const bankMs = (options.bankMs ?? 0) + next.lateMs;
    if (bankMs > 0) await wait(bankMs);
    return approvedBy(entry);
  };
};

const verbsOf = (line: SimulatedLine, book: CardBook, state: TerminalState): TerminalVerbs => ({
  approveNext: () => void state.script.push(approve),
  declineNext: (reason = 'declined') => void state.script.push({ decision: 'decline', reason }),
  answerLate: (lateMs) => void state.script.push({ decision: 'approve', answer: 'comes', lateMs }),
  loseAnswer: () => void state.script.push({ decision: 'approve', answer: 'never', lateMs: 0 }),
  approveThenDrop: () => void state.script.push({ decision: 'approve', answer: 'dropped', lateMs: 0 }),
  cardTakes(ms) {
    state.cardMs = ms;
  },
  loseConfirm() {
    state.confirmsLost += 1;
  },
  reverseUnconfirmed() {
    for (const entry of book.entries()) if (entry.state === 'approved') book.reverse(entry.reference);
  },
  dropLine: line.drop,
  powerOff() {
    state.atCard?.abort();
    line.powerOff();
  },
  powerOn: line.powerOn,
});

const isUnconfirmed = (entries: readonly CardEntry[], reference: string): boolean =>
  entries.findLast((entry) => entry.reference === reference)?.state === 'approved';
