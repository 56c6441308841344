import { setTimeout as sleep } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { errors, headers } from '@nats-io/transport-node';
import type { StoreConnection } from './connection.ts';
import { requestIdHeader } from './messages.ts';

export interface AskOptions {
  /** Until when it is asked again and again. */
  readonly timeoutMs: number;
  /** How long one try waits for its answer. */
  readonly tryTimeoutMs: number;
  readonly requestId?: string;
}

export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

const pauseMs = 100;

/**
 * A request that is sent again, with the same id, until it is answered or its time is over: a nats-server that starts
 * again loses requests and answers without a word. `understand` gives `undefined` for an answer that is none.
 */
export const ask = async <T>(
  connection: StoreConnection,
  subject: string,
  body: string,
  understand: (data: Uint8Array) => T | undefined,
  options: AskOptions,
): Promise<Asked<T>> => {
  const deadlineMs = performance.now() + options.timeoutMs;
  let detail = 'no answer in time';
  for (;;) {
    const leftMs = deadlineMs - performance.now();
    if (connection.state() === 'closed') return { ok: false, detail: 'the connection is closed' };
    if (leftMs < 1) return { ok: false, detail };
    if (connection.state() === 'reconnecting') {
      detail = 'nats-server does not answer';
      await changeOf(connection, leftMs);
      continue;
    }
    const tried = await tryOnce(connection, subject, body, {
      ...options,
      tryTimeoutMs: Math.min(options.tryTimeoutMs, leftMs),
    });
    const value = tried.ok ? understand(tried.value.data) : undefined;
    if (value !== undefined) return { ok: true, value };
    detail = tried.ok ? 'an answer that cannot be understood' : tried.detail;
    if (!tried.ok && tried.isFinal) return { ok: false, detail };
    // Half of it by chance: the clients of a store that comes back do not ask in step.
    await sleep(Math.min(pauseMs * (0.5 + Math.random() / 2), Math.max(0, deadlineMs - performance.now())));
  }
};

type Tried =
  | { readonly ok: true; readonly value: Msg }
  | { readonly ok: false; readonly detail: string; readonly isFinal: boolean };

/** One try; over as soon as the line is down, for its answer will not come. */
const tryOnce = async (
  connection: StoreConnection,
  subject: string,
  body: string,
  options: AskOptions,
): Promise<Tried> => {
  const { promise: down, resolve } = Promise.withResolvers<null>();
  const endWatch = connection.watch(() => resolve(null));
  const header = headers();
  if (options.requestId !== undefined) header.set(requestIdHeader, options.requestId);
  try {
    const request = connection.nats.request(subject, body, {
      timeout: Math.max(1, options.tryTimeoutMs),
      headers: header,
    });
    // After the line went down nobody waits for it any more, and it fails later.
    request.catch(() => undefined);
    const answer = await Promise.race([request, down]);
    if (answer === null) return { ok: false, detail: 'the line to nats-server broke', isFinal: false };
    return { ok: true, value: answer };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (cause instanceof errors.NoRespondersError) return { ok: false, detail: 'no store listens', isFinal: false };
    const isFinal = cause instanceof errors.PermissionViolationError || cause instanceof errors.InvalidArgumentError;
    return { ok: false, detail: cause instanceof Error ? cause.message : String(cause), isFinal };
  } finally {
    endWatch();
  }
};

const changeOf = async (connection: StoreConnection, timeoutMs: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const endWatch = connection.watch(() => resolve());
  const timer = setTimeout(resolve, timeoutMs);
  if (connection.state() === 'reconnecting') await promise;
  clearTimeout(timer);
  endWatch();
};
