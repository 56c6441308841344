import type { Address } from '../domain/address.ts';
import { idOf, kindOf, parseAddress } from '../domain/address.ts';

/** The subjects of one store (design, section 8). Requests: `cmd`, `read`, `changes`. Publications: `state`, `fact`. */
export type StoreSubject =
  | { readonly plane: 'cmd' | 'read' | 'state'; readonly storeId: string; readonly address: Address }
  | { readonly plane: 'fact'; readonly storeId: string; readonly type: string }
  | { readonly plane: 'changes'; readonly storeId: string };

export type SubjectOutcome =
  | { readonly ok: true; readonly subject: string }
  | { readonly ok: false; readonly reason: 'bad-token'; readonly detail: string };

/** One token of a subject: no dots, blanks, wildcards or line ends can hide in it. */
const tokenPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const isSubjectToken = (text: string): boolean => tokenPattern.test(text);

const build = (tokens: readonly string[]): SubjectOutcome => {
  const bad = tokens.find((token) => !isSubjectToken(token));
  if (bad === undefined) return { ok: true, subject: tokens.join('.') };
  return { ok: false, reason: 'bad-token', detail: `${JSON.stringify(bad)} cannot be part of a subject` };
};

/** A command to an actor; the answer comes after the commit. */
export const commandSubject = (storeId: string, to: Address): SubjectOutcome =>
  build(['store', storeId, 'cmd', kindOf(to), idOf(to)]);

/** Asks for the view of an actor. */
export const readSubject = (storeId: string, of: Address): SubjectOutcome =>
  build(['store', storeId, 'read', kindOf(of), idOf(of)]);

/** Each committed turn of an actor. */
export const stateSubject = (storeId: string, of: Address): SubjectOutcome =>
  build(['store', storeId, 'state', kindOf(of), idOf(of)]);

/** Each fact of a type. */
export const factSubject = (storeId: string, type: string): SubjectOutcome => build(['store', storeId, 'fact', type]);

/** Asks for the changes after a sequence: catches up what `state` did not deliver. */
export const changesSubject = (storeId: string): SubjectOutcome => build(['store', storeId, 'changes']);

/** Reads a subject from the wire; `null` where it is none of ours. */
export const parseSubject = (subject: string): StoreSubject | null => {
  const [root, storeId = '', plane, first = '', second = '', ...rest] = subject.split('.');
  const length = subject.split('.').length;
  if (root !== 'store' || !isSubjectToken(storeId) || rest.length > 0) return null;
  if (plane === 'changes') return length === 3 ? { plane, storeId } : null;
  if (plane === 'fact') return length === 4 && isSubjectToken(first) ? { plane, storeId, type: first } : null;
  if (plane !== 'cmd' && plane !== 'read' && plane !== 'state') return null;
  const address = parseAddress(`${first}/${second}`);
  return address === null ? null : { plane, storeId, address };
};

/** Answers to a user come under a prefix of its own, so that no user can listen to the answers of another. */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;
