import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actorKinds, address } from '../../src/domain/address.ts';
import type { SubjectOutcome } from '../../src/bus/subjects.ts';
import {
  changesSubject,
  commandSubject,
  factSubject,
  isSubjectToken,
  parseSubject,
  readSubject,
  stateSubject,
} from '../../src/bus/subjects.ts';

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const kind = fc.constantFrom(...actorKinds);
const built = (outcome: SubjectOutcome): string => {
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.subject;
};

test('the subjects are those of the design', () => {
  const order = address('order', '0198-a');
  expect(built(commandSubject('s1', order))).toBe('store.s1.cmd.order.0198-a');
  expect(built(readSubject('s1', order))).toBe('store.s1.read.order.0198-a');
  expect(built(stateSubject('s1', order))).toBe('store.s1.state.order.0198-a');
  expect(built(factSubject('s1', 'SALE_COMPLETED'))).toBe('store.s1.fact.SALE_COMPLETED');
  expect(built(changesSubject('s1'))).toBe('store.s1.changes');
});

describe('property', () => {
  test('what is built is read back', () => {
    fc.assert(
      fc.property(token, kind, token, (storeId, actorKind, id) => {
        const to = address(actorKind, id);
        expect(parseSubject(built(commandSubject(storeId, to)))).toEqual({ plane: 'cmd', storeId, address: to });
        expect(parseSubject(built(readSubject(storeId, to)))).toEqual({ plane: 'read', storeId, address: to });
        expect(parseSubject(built(stateSubject(storeId, to)))).toEqual({ plane: 'state', storeId, address: to });
        expect(parseSubject(built(factSubject(storeId, id)))).toEqual({ plane: 'fact', storeId, type: id });
        expect(parseSubject(built(changesSubject(storeId)))).toEqual({ plane: 'changes', storeId });
      }),
    );
  });

  test('an id with a dot, blank, wildcard or line end is refused, whatever stands around it', () => {
    const nasty = fc.tuple(fc.string(), fc.constantFrom('.', ' ', '*', '>', '\n', '\t', '\0', 'é'), fc.string());
    fc.assert(
      fc.property(nasty, (parts) => {
        const id = parts.join('');
        expect(isSubjectToken(id)).toBe(false);
        expect(commandSubject('s1', address('order', id))).toMatchObject({ ok: false, reason: 'bad-token' });
        expect(factSubject(id, 'SALE')).toMatchObject({ ok: false, reason: 'bad-token' });
        expect(changesSubject(id)).toMatchObject({ ok: false, reason: 'bad-token' });
      }),
    );
  });

  test('whatever comes from the wire is ours in every part, or null', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('store', 'cmd', 'order', '>', '*', ''), fc.string())), (tokens) => {
        const subject = tokens.join('.');
        const parsed = parseSubject(subject);
        expect(parsed === null || subject.split('.').every(isSubjectToken)).toBe(true);
      }),
    );
  });
});

test('a subject with a token too many, too few, or an unknown kind is none of ours', () => {
  for (const subject of [
    'store.s1',
    'store.s1.cmd.order',
    'store.s1.cmd.order.a.b',
    'store.s1.cmd.till.a',
    'store.s1.changes.x',
    'store.s1.fact',
    'store.s1.fact.A.B',
    'store..cmd.order.a',
    'st.s1.cmd.order.a',
  ])
    expect(parseSubject(subject)).toBeNull();
});
