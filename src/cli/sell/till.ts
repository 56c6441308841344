import { address, type Address } from '../../domain/address.ts';
import type { Message } from '../../domain/message.ts';
import type { Accepted, Refused } from '../../domain/ports.ts';
import type { Operator } from '../../domain/roles.ts';
import type { Console } from './console.ts';
import type { Following } from './following.ts';
import type { Notices } from './notices.ts';
import type { TillRecords } from './records.ts';
import { drawTill } from './screen.ts';
import { refusalText, type Sender } from './sender.ts';

/** A till in a terminal: what it knows, says and shows. The store decides everything. */
export interface Till {
  readonly counterId: string;
  readonly operator: Operator;
  readonly currency: string;
  readonly following: Following;
  readonly records: TillRecords;
  readonly isTerminal: boolean;
  /** Status word of the counter (domain/view.ts). */
  status(): string;
  /** To the counter of this till; shows a refusal, and waits until the effect of an accepted one is known here. */
  command(event: Message): Promise<Accepted | null>;
  commandTo(to: Address, event: Message): Promise<Accepted | null>;
  /** As `command`, and the refusal is for the caller to show or not. */
  offer(event: Message): Promise<Accepted | Refused>;
  /** Sends again what had no answer; false where there was nothing. */
  sendAgain(): Promise<boolean>;
  /** What stands under the bill until the next line is typed. */
  say(lines: readonly string[]): void;
  /** A line of text from the cashier; `null` at the end of the input. */
  ask(question: string): Promise<string | null>;
  draw(): void;
}

export interface TillDeps {
  readonly counterId: string;
  readonly operator: Operator;
  readonly currency: string;
  readonly storeName: string;
  readonly following: Following;
  readonly records: TillRecords;
  readonly sender: Sender;
  readonly console: Console;
  readonly notices: Notices;
}

/** From here on a cashier wonders. */
const patienceMs = 1500;

export const createTill = (deps: TillDeps): Till => {
  const { counterId, operator, currency, following, records, sender, console: screen } = deps;
  let said: readonly string[] = [];
  let shownReceipt = lastReceipt(following);

  /** A sale that was paid, here or by a card that took its time: its receipt. */
  const noticeReceipt = (): void => {
    const last = lastReceipt(following);
    if (last === shownReceipt) return;
    shownReceipt = last;
    const receipt = last === null ? null : records.receipt(last);
    if (receipt !== null) said = receipt.map((line) => `    ${line}`);
  };
  const draw = (): void => {
    noticeReceipt();
    screen.show(drawTill(deps, said));
    if (!screen.isTerminal) said = [];
  };
  const status = (): string => following.counter()?.status ?? 'closed';
  const settle = async (ack: Accepted): Promise<Accepted> => {
    await following.reached(ack.sequence);
    return ack;
  };
  const say = (lines: readonly string[]): void => {
    if (lines.length === 0) deps.notices.clear();
    said = lines;
  };
  const show = async (ack: Accepted | Refused): Promise<Accepted | null> => {
    if (ack.ok) return settle(ack);
    say(refusalText(ack, status()));
    return null;
  };
  /** A cashier who waits is told for what. */
  const patiently = async <T>(answer: Promise<T>): Promise<T> => {
    const slow = setTimeout(() => {
      if (!screen.isTerminal) return;
      deps.notices.tell('The store does not answer yet; it is asked again, and nothing is lost …');
      draw();
    }, patienceMs);
    try {
      return await answer;
    } finally {
      clearTimeout(slow);
    }
  };
  const counter = address('counter', counterId);
  // In a pipe only what was asked for is written; in a terminal the screen follows the store.
  if (screen.isTerminal) following.watch(draw);

  return {
    counterId,
    operator,
    currency,
    following,
    records,
    isTerminal: screen.isTerminal,
    status,
    command: async (event) => show(await patiently(sender.send(counter, event))),
    commandTo: async (to, event) => show(await patiently(sender.send(to, event))),
    async offer(event) {
      const ack = await patiently(sender.send(counter, event));
      return ack.ok ? settle(ack) : ack;
    },
    async sendAgain() {
      const ack = await patiently(sender.sendAgain());
      if (ack !== null) await show(ack);
      return ack !== null;
    },
    say,
    ask: (question) => screen.next(`${question} `),
    draw,
  };
};

const lastReceipt = (following: Following): string | null => {
  const last = following.counter()?.data['last'] as { readonly orderId: string } | null | undefined;
  return last?.orderId ?? null;
};
