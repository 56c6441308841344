import type { CardReference } from './card.ts';

/**
 * What a terminal must still be asked, oldest first, a reference once. A question stands here from the moment that something
 * is unsure until an answer is told, so a lost line or a killed store leaves nothing to repair.
 */
export type Question = {
  readonly requester: CardReference['requester'];
  readonly reference: string;
  /** Somebody waits for the answer. */
  readonly waits: boolean;
  /** An approval of it was told, and the terminal has not confirmed that it stands. */
  readonly doubt: boolean;
  readonly tries: number;
};

export type Questions = readonly Question[];

/** Questions kept for a terminal that is busy or away; above it the asker hears CARD_NO_ANSWER and asks again later. */
export const waitingMax = 16;

export const find = (questions: Questions, reference: string): Question | undefined =>
  questions.find((question) => question.reference === reference);
export const without = (questions: Questions, reference: string): Questions =>
  questions.filter((question) => question.reference !== reference);

/** At the end of the list; who asks about a reference that stands there joins that question. */
export const asked = (questions: Questions, { requester, reference }: CardReference): Questions =>
  find(questions, reference) === undefined
    ? [...questions, { requester, reference, waits: true, doubt: false, tries: 0 }]
    : questions.map((old) => (old.reference === reference ? { ...old, requester, waits: true } : old));

export const askedFirst = (questions: Questions, { requester, reference }: CardReference): Questions => [
  { requester, reference, waits: true, doubt: false, tries: 0 },
  ...without(questions, reference),
];

/** The approval is told in this very turn: what is left to know is whether it stands. */
export const doubtedFirst = (questions: Questions, { requester, reference }: CardReference): Questions => [
  { requester, reference, waits: false, doubt: true, tries: find(questions, reference)?.tries ?? 0 },
  ...without(questions, reference),
];
export const doubtedLast = (questions: Questions, { requester, reference }: CardReference): Questions =>
  [...without(questions, reference), { requester, reference, waits: false, doubt: true, tries: 0 }].slice(
    0,
    waitingMax,
  );

/** The terminal has confirmed: settled, unless somebody waits to be told. */
export const confirmed = (questions: Questions, reference: string): Questions =>
  questions.flatMap((question) => {
    if (question.reference !== reference) return [question];
    return question.waits ? [{ ...question, doubt: false }] : [];
  });
export const triedOnce = (questions: Questions): Questions =>
  questions.map((question, index) => (index === 0 ? { ...question, tries: question.tries + 1 } : question));
