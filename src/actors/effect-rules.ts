import type { DeviceEffectType } from '../domain/effects.ts';

/** What may be done about a device call that was committed and whose end nobody saw. */
export type Repetition =
  /** The device is asked what became of it; only its actor decides. */
  | 'ask-first'
  /** Performed again: a second one changes nothing. */
  | 'repeat'
  /** A second one says that it is one; its actor decides. */
  | 'repeat-marked'
  /** Not performed again: better missed than done twice. */
  | 'never';

export const effectRules = {
  authorizeCard: 'ask-first',
  refundCard: 'ask-first',
  reverseCard: 'ask-first',
  confirmCard: 'ask-first',
  queryCard: 'ask-first',
  abortCard: 'never',
  printReceipt: 'repeat-marked',
  queryPrint: 'ask-first',
  openDrawer: 'never',
  showText: 'repeat',
  // Each start connects anew.
  connectDevice: 'never',
} as const satisfies Record<DeviceEffectType, Repetition>;

/** A question makes the call it asks about stale: that one is not performed any more if it still waits. */
const asksAbout: Partial<Record<DeviceEffectType, readonly DeviceEffectType[]>> = {
  queryCard: ['authorizeCard', 'refundCard', 'reverseCard', 'confirmCard', 'queryCard'],
  queryPrint: ['printReceipt', 'queryPrint'],
  printReceipt: ['printReceipt', 'queryPrint'],
  showText: ['showText'],
};

interface Call {
  readonly type: DeviceEffectType;
  readonly params: unknown;
}

export const superseded = (by: Call, pending: Call): boolean =>
  asksAbout[by.type]?.includes(pending.type) === true && subject(by.params) === subject(pending.params);

const subject = (params: unknown): unknown => {
  if (typeof params !== 'object' || params === null) return null;
  if ('reference' in params) return params.reference;
  return 'jobId' in params ? params.jobId : null;
};
