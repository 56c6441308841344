import { headers } from '@nats-io/transport-node';
import type { Change } from '../domain/ports.ts';
import { headSubject } from './change-filter.ts';
import type { StoreConnection } from './connection.ts';
import { requestIdHeader, toWire, type HeadNotice } from './messages.ts';
import { stateSubject } from './subjects.ts';
import { wireLimits } from './wire-limits.ts';

export interface ChangePublisherDeps {
  readonly connection: StoreConnection;
  /** Sequence of the store's last turn. */
  readonly head: () => number;
}

/** Tells committed turns to whoever listens. What cannot be sent now is let go: followers read it from the journal. */
export interface ChangePublisher {
  publish(change: Change): void;
  close(): void;
}

/**
 * A publication may be lost with its connection. So after each pause the head is told before anything else: one
 * publisher's messages stay in order, and a follower that hears the head knows what it lacks before it hears more.
 */
export const createChangePublisher = (deps: ChangePublisherDeps, storeId: string): ChangePublisher => {
  const { connection, head } = deps;
  let inFlight = 0;
  let bytesInFlight = 0;
  let isPaused = false;
  let isClosed = false;

  const send = (subject: string, body: string, requestId: string | null): void => {
    const bytes = Buffer.byteLength(body);
    const message = headers();
    if (requestId !== null) message.set(requestIdHeader, requestId);
    connection.nats.publish(subject, body, requestId === null ? {} : { headers: message });
    inFlight += 1;
    bytesInFlight += bytes;
    // Through means: nats-server has answered a ping that was sent after it.
    if (inFlight === 1) void awaitFlush();
  };

  const awaitFlush = async (): Promise<void> => {
    while (inFlight > 0) {
      // The turns of one commit are told together: one ping for all of them.
      await Promise.resolve();
      const [sent, sentBytes] = [inFlight, bytesInFlight];
      await connection.nats.flush().catch(() => {
        isPaused = true;
      });
      inFlight -= sent;
      bytesInFlight -= sentBytes;
    }
    if (isPaused) tellHead();
  };

  const canSend = (): boolean =>
    !isClosed &&
    connection.state() === 'connected' &&
    !connection.nats.isClosed() &&
    !connection.nats.isDraining() &&
    inFlight < wireLimits.publicationsInFlight &&
    bytesInFlight < wireLimits.publicationBytesInFlight;

  const tellHead = (): void => {
    if (!canSend()) return;
    isPaused = false;
    const notice: HeadNotice = { head: head() };
    send(headSubject(storeId), JSON.stringify(notice), null);
  };

  const endWatch = connection.watch((state) => {
    isPaused = true;
    if (state === 'connected') tellHead();
  });
  const timer = setInterval(tellHead, wireLimits.headEveryMs);
  timer.unref();

  return {
    publish: (change) => {
      if (isPaused) tellHead();
      const subject = stateSubject(storeId, change.address);
      if (!subject.ok || isPaused || !canSend()) {
        isPaused = true;
        return;
      }
      send(subject.subject, toWire(change).text, change.messageId);
    },
    close: () => {
      isClosed = true;
      endWatch();
      clearInterval(timer);
    },
  };
};
