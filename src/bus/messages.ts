import { parseAddress } from '../domain/address.ts';
import { refusalReasons, type RefusalReason } from '../domain/errors.ts';
import type { Ack, Change, ChangeFilter, Command, View } from '../domain/ports.ts';
import { roles } from '../domain/roles.ts';
import { parseFilter } from './change-filter.ts';
import { wireLimits } from './wire-limits.ts';

/** The id of a request, in the request and in its answer. Of a command it is the command's id. */
export const requestIdHeader = 'Storefirst-Request-Id';

export interface PageRequest {
  readonly filter: ChangeFilter;
  /** Changes after this sequence. */
  readonly after: number;
  readonly limit: number;
}

export interface ChangePage {
  readonly ok: true;
  readonly changes: readonly Change[];
  /** Everything up to here was looked through: ask on from here until it is the head. */
  readonly through: number;
  /** Sequence of the store's last turn. */
  readonly head: number;
}

/** Why a `read` or a `changes` has no answer. A command's is a Refused of the Store port. */
export interface Unanswered {
  readonly ok: false;
  readonly reason: 'bad-command' | 'busy' | 'too-large' | 'failed';
  readonly detail: string;
}

/** What the store tells from time to time, and first of all after a pause of its publications. */
export interface HeadNotice {
  readonly head: number;
}

/** A value from outside, or what is wrong with it. `id` as far as it could be read. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly id: string; readonly detail: string };

const idChars = 64;

type Fields = Readonly<Record<string, unknown>>;

const wrong = (detail: string, id = ''): { ok: false; id: string; detail: string } => ({ ok: false, id, detail });
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isText = (value: unknown, charsMax: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= charsMax;

const isTooDeep = (value: unknown, left: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (left === 0 || Object.values(value).some((one) => isTooDeep(one, left - 1)));

/** A body as JSON: UTF-8, not too long, not too deep. */
const parseBody = (data: Uint8Array): Parsed<Fields> => {
  const { requestBytes, requestDepth } = wireLimits;
  if (data.length > requestBytes) return wrong(`the request has ${data.length} bytes; it may have ${requestBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return wrong('the request is not JSON in UTF-8');
  }
  if (!isFields(value)) return wrong('the request is not a JSON object');
  const isDeep = isTooDeep(value, requestDepth);
  return isDeep ? wrong(`the request nests deeper than ${requestDepth}`, shortId(value['id'])) : { ok: true, value };
};

const shortId = (id: unknown): string => (typeof id === 'string' ? id.slice(0, idChars) : '');

const strangerIn = (value: Fields, known: readonly string[]): string | undefined =>
  Object.keys(value).find((name) => !known.includes(name));

/** A command from the wire. What its event must hold is the store's to check. */
export const parseCommand = (data: Uint8Array): Parsed<Command> => {
  const body = parseBody(data);
  if (!body.ok) return body;
  const { id, operator, event } = body.value;
  if (!isText(id, idChars)) return wrong('id must be a text of 1 to 64 characters', shortId(id));
  const stranger = strangerIn(body.value, ['id', 'operator', 'event']);
  if (stranger !== undefined) return wrong(`a command has no field ${stranger.slice(0, 64)}`, id);
  if (!isFields(operator) || !isText(operator['id'], 64))
    return wrong('operator.id must be a text of 1 to 64 characters', id);
  const role = roles.find((known) => known === operator['role']);
  if (role === undefined) return wrong(`operator.role must be ${roles.join(' or ')}`, id);
  if (!isFields(event) || !isText(event['type'], 64))
    return wrong('event.type must be a text of 1 to 64 characters', id);
  return {
    ok: true,
    value: { id, operator: { id: operator['id'], role }, event: { ...event, type: event['type'] } },
  };
};

export const parsePageRequest = (data: Uint8Array): Parsed<PageRequest> => {
  const body = parseBody(data);
  if (!body.ok) return body;
  const stranger = strangerIn(body.value, ['filter', 'after', 'limit']);
  if (stranger !== undefined) return wrong(`a request of changes has no field ${stranger.slice(0, 64)}`);
  const { filter, after, limit = wireLimits.pageChanges } = body.value;
  const addresses = isFields(filter) ? filter['addresses'] : undefined;
  const parsed = Array.isArray(addresses) ? parseFilter(addresses) : null;
  if (parsed === null) {
    return wrong(`filter.addresses must be a list of at most ${wireLimits.filterAddresses} like order/* or counter/1`);
  }
  if (!isCount(after)) return wrong('after must be a sequence: a whole number from 0');
  if (!isCount(limit) || limit === 0) return wrong('limit must be a whole number from 1');
  return { ok: true, value: { filter: parsed, after, limit: Math.min(limit, wireLimits.pageChanges) } };
};

/** A change as it travels: one whose view is too large goes without it, and is read by who needs it. */
export const toWire = (change: Change): { readonly change: Change; readonly text: string } => {
  const text = JSON.stringify(change);
  if (change.view === null || Buffer.byteLength(text) <= wireLimits.changeBytes) return { change, text };
  const small = { ...change, view: null };
  return { change: small, text: JSON.stringify(small) };
};

// ---- what a client gets: from the store, so checked in shape only --------------------------------------------------

/** An answer as JSON; `null` where it is none. */
const parseAnswer = (data: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) as unknown;
  } catch {
    return undefined;
  }
};

/** The answer to a command, under the id that was sent; `null` where it is none. The store says of a too long id only its beginning. */
export const parseAck = (data: Uint8Array, id: string): Ack | null => {
  const value = parseAnswer(data);
  if (!isFields(value) || value['id'] !== id.slice(0, idChars)) return null;
  if (value['ok'] === true && isCount(value['sequence']) && isFields(value['answer'])) {
    return { ok: true, id, sequence: value['sequence'], answer: value['answer'] };
  }
  const { reason, detail } = value;
  if (value['ok'] !== false || !isReason(reason) || typeof detail !== 'string') return null;
  return { ok: false, id, reason, detail };
};

const isReason = (value: unknown): value is RefusalReason =>
  typeof value === 'string' && Object.hasOwn(refusalReasons, value);

const isView = (value: unknown): value is View =>
  isFields(value) &&
  typeof value['address'] === 'string' &&
  isCount(value['revision']) &&
  typeof value['status'] === 'string' &&
  isFields(value['data']);

/** A view, `null` where there is no such actor, or an Unanswered. `undefined`: it cannot be understood. */
export const parseRead = (data: Uint8Array): View | Unanswered | null | undefined => {
  const value = parseAnswer(data);
  if (value === null || isView(value)) return value;
  return isFields(value) && value['ok'] === false ? (value as unknown as Unanswered) : undefined;
};

const isChange = (value: unknown): value is Change =>
  isFields(value) &&
  isCount(value['sequence']) &&
  typeof value['address'] === 'string' &&
  parseAddress(value['address']) !== null &&
  isCount(value['revision']) &&
  typeof value['event'] === 'string' &&
  typeof value['status'] === 'string' &&
  (value['view'] === null || isView(value['view']));

export const parseChange = (data: Uint8Array): Change | null => {
  const value = parseAnswer(data);
  return isChange(value) ? value : null;
};

export const parsePage = (data: Uint8Array): ChangePage | null => {
  const value = parseAnswer(data);
  if (!isFields(value) || value['ok'] !== true) return null;
  const { changes, through, head } = value;
  if (!Array.isArray(changes) || !changes.every(isChange) || !isCount(through) || !isCount(head)) return null;
  return { ok: true, changes, through, head };
};

export const parseHead = (data: Uint8Array): number | null => {
  const value = parseAnswer(data);
  return isFields(value) && isCount(value['head']) ? value['head'] : null;
};
