import type { CardReference } from './effects.ts';

/**
 * What a terminal must still be asked, oldest first, a reference once. A question stands here from the moment that something
 * is unsure until an answer is told, so a lost line or a killed store leaves nothing to repair.
 */
export type Question = {
  readonly requester: CardReference['requester'];
  readonly reference: string;
  /** The approval was told already: asked only whether it stands. */
  readonly told: boolean;
  readonly tries: number;
};

export type Questions = readonly Question[];

/** Questions kept for a terminal that is busy or away; above it the asker hears CARD_NO_ANSWER and asks again later. */
export const waitingMax = 16;

export const find = (questions: Questions, reference: string): Question | undefined =>
  questions.find((question) => question.reference === reference);
export const without = (questions: Questions, reference: string): Questions =>
  questions.filter((question) => question.reference !== reference);

/** At the end of the list; a question about the same reference becomes one that wants to be told. */
export const asked = (questions: Questions, { requester, reference }: CardReference): Questions =>
  find(questions, reference) === undefined
    ? [...questions, { requester, reference, told: false, tries: 0 }]
    : questions.map((old) => (old.reference === reference ? { ...old, requester, told: false } : old));

export const askedFirst = (questions: Questions, { requester, reference }: CardReference): Questions => [
  { requester, reference, told: false, tries: 0 },
  ...without(questions, reference),
];

/** The approval is told in this very turn: what is left to know is whether it stands. */
export const toldFirst = (questions: Questions, { requester, reference }: CardReference): Questions => [
  { requester, reference, told: true, tries: find(questions, reference)?.tries ?? 0 },
  ...without(questions, reference),
];
export const toldLast = (questions: Questions, { requester, reference }: CardReference): Questions =>
  [...without(questions, reference), { requester, reference, told: true, tries: 0 }].slice(0, waitingMax);
export const triedOnce = (questions: Questions): Questions =>
  questions.map((question, index) => (index === 0 ? { ...question, tries: question.tries + 1 } : question));
