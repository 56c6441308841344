import { describe, expect, it } from 'vitest';
import type { PaymentTerminal } from '../../../src/domain/ports.ts';
import type { TerminalVerbs } from '../../../src/devices/terminal/simulated.ts';
import { createListener } from './listener.ts';

/** A terminal as the store sees it, and the hands on its other side. */
export interface TerminalPair {
  readonly terminal: PaymentTerminal;
  readonly verbs: TerminalVerbs;
  /** What a store that was started again has: a new port to the very same terminal. */
  readonly reopen: () => Promise<PaymentTerminal>;
  /** Approvals that the bank has of a reference. */
  readonly charges: (reference: string) => number;
  readonly pass: (ms: number) => Promise<void>;
}

const request = (reference: string) =>
  ({ requester: `payment/${reference}`, reference, amountMinor: 1_250, currency: 'EUR' }) as const;
const asked = (reference: string) => ({ requester: `payment/${reference}`, reference }) as const;
const approved = { outcome: 'approved', amountMinor: 1_250 };

/** What every payment terminal must do, whatever protocol it speaks. */
export const terminalAcceptance = (name: string, makePair: () => TerminalPair | Promise<TerminalPair>): void => {
  const connected = async () => {
    const pair = await makePair();
    const listener = createListener();
    expect(await pair.terminal.connect(listener.listen)).toEqual({ outcome: 'connected' });
    return { ...pair, listener };
  };

  describe(`${name}: a card is charged`, () => {
    it('before anybody connected nothing is charged', async () => {
      const { terminal, charges } = await makePair();
      expect(await terminal.authorize(request('p1'))).toEqual({ outcome: 'unreachable' });
      expect(charges('p1')).toBe(0);
    });

    it('T2: approved, with all that a receipt and a reversal need', async () => {
      const { terminal, charges } = await connected();
      const outcome = await terminal.authorize(request('p1'));
      expect(outcome).toMatchObject(approved);
      expect(outcome).toMatchObject({
        authCode: expect.stringMatching(/./),
        scheme: expect.stringMatching(/./),
        terminalReceipt: expect.stringMatching(/./),
      });
      expect(charges('p1')).toBe(1);
    });

    it('K1: of the card number only what a receipt may show', async () => {
      const { terminal } = await connected();
      const outcome = await terminal.authorize(request('p1'));
      expect(JSON.stringify(outcome)).not.toMatch(/\d{12,}/);
    });

    it('declined is a value with its reason, and can be asked for later', async () => {
      const { terminal, verbs, charges } = await connected();
      verbs.declineNext('declined');
      const declined = { outcome: 'failed', reason: 'declined' };
      expect(await terminal.authorize(request('p1'))).toEqual(declined);
      expect(await terminal.query(asked('p1'))).toEqual(declined);
      expect(charges('p1')).toBe(0);
    });

    it('an amount that is none is not charged', async () => {
      const { terminal } = await connected();
      expect(await terminal.authorize({ ...request('p1'), amountMinor: 0 })).toEqual({
        outcome: 'failed',
        reason: 'wrong-amount',
      });
    });
  });

  describe(`${name}: the answer is late or lost`, () => {
    it('late: the answer comes, and the terminal knows the outcome before', async () => {
      const { terminal, verbs, pass } = await connected();
      verbs.answerLate(90_000);
      const late = terminal.authorize(request('p1'));
      await pass(0);
      expect(await terminal.query(asked('p1'))).toMatchObject(approved);
      await pass(90_000);
      expect(await late).toMatchObject(approved);
    });

    it('lost: a question finds the approval', async () => {
      const { terminal, verbs, charges, pass } = await connected();
      verbs.loseAnswer();
      void terminal.authorize(request('p1'));
      await pass(0);
      expect(await terminal.query(asked('p1'))).toMatchObject(approved);
      expect(charges('p1')).toBe(1);
    });

    it('the line is lost between approval and answer: no answer, told once, and the approval stands', async () => {
      const { terminal, verbs, listener } = await connected();
      verbs.approveThenDrop();
      expect(await terminal.authorize(request('p1'))).toEqual({ outcome: 'no-answer' });
      expect(listener.types()).toEqual(['DISCONNECTED']);
      expect(await terminal.query(asked('p1'))).toEqual({ outcome: 'unreachable' });
      await terminal.connect(listener.listen);
      expect(await terminal.query(asked('p1'))).toMatchObject(approved);
    });

    it('X3: the store is killed after the approval: a new port finds it', async () => {
      const { terminal, verbs, reopen, pass } = await connected();
      verbs.loseAnswer();
      void terminal.authorize(request('p1'));
      await pass(0);
      const again = await reopen();
      await again.connect(createListener().listen);
      expect(await again.query(asked('p1'))).toMatchObject(approved);
    });

    it('a reference that it never heard of', async () => {
      const { terminal } = await connected();
      expect(await terminal.query(asked('p9'))).toEqual({ outcome: 'not-found' });
    });
  });

  describe(`${name}: the customer takes time`, () => {
    it('a question meanwhile says in progress, another payment hears busy', async () => {
      const { terminal, verbs, pass } = await connected();
      verbs.cardTakes(20_000);
      const first = terminal.authorize(request('p1'));
      await pass(0);
      expect(await terminal.query(asked('p1'))).toEqual({ outcome: 'in-progress' });
      expect(await terminal.authorize(request('p2'))).toEqual({ outcome: 'failed', reason: 'busy' });
      await pass(20_000);
      expect(await first).toMatchObject(approved);
    });

    it('aborted before the card: failed, nothing charged', async () => {
      const { terminal, verbs, charges, pass } = await connected();
      verbs.cardTakes(20_000);
      const first = terminal.authorize(request('p1'));
      await pass(0);
      expect(await terminal.abort(asked('p1'))).toEqual({ outcome: 'aborting' });
      expect(await first).toEqual({ outcome: 'failed', reason: 'aborted' });
      expect(charges('p1')).toBe(0);
    });

    it('power fails before the card: no answer, and afterwards nothing was charged', async () => {
      const { terminal, verbs, charges, listener, pass } = await connected();
      verbs.cardTakes(20_000);
      const first = terminal.authorize(request('p1'));
      await pass(0);
      verbs.powerOff();
      expect(await first).toEqual({ outcome: 'no-answer' });
      expect(await terminal.connect(listener.listen)).toEqual({ outcome: 'unreachable' });
      verbs.powerOn();
      await pass(20_000);
      expect(await terminal.connect(listener.listen)).toEqual({ outcome: 'connected' });
      expect(['failed', 'not-found']).toContain((await terminal.query(asked('p1'))).outcome);
      expect(charges('p1')).toBe(0);
    });
  });

  describe(`${name}: confirming and taking back`, () => {
    it('confirmed stands, also when confirmed twice', async () => {
      const { terminal, verbs } = await connected();
      await terminal.authorize(request('p1'));
      expect(await terminal.confirm(asked('p1'))).toEqual({ outcome: 'confirmed' });
      verbs.reverseUnconfirmed();
      expect(await terminal.confirm(asked('p1'))).toEqual({ outcome: 'confirmed' });
      expect(await terminal.query(asked('p1'))).toMatchObject(approved);
    });

    it('unconfirmed for too long: the terminal takes it back and says so', async () => {
      const { terminal, verbs } = await connected();
      await terminal.authorize(request('p1'));
      verbs.reverseUnconfirmed();
      expect(await terminal.confirm(asked('p1'))).toEqual({ outcome: 'reversed' });
      expect(await terminal.query(asked('p1'))).toEqual({ outcome: 'reversed' });
    });

    it('a confirmation that is lost can be given again', async () => {
      const { terminal, verbs } = await connected();
      await terminal.authorize(request('p1'));
      verbs.loseConfirm();
      expect(await terminal.confirm(asked('p1'))).toEqual({ outcome: 'no-answer' });
      expect(await terminal.confirm(asked('p1'))).toEqual({ outcome: 'confirmed' });
    });

    it('reversed once, and asked to again: it stays reversed', async () => {
      const { terminal } = await connected();
      await terminal.authorize(request('p1'));
      expect(await terminal.reverse(request('p1'))).toEqual({ outcome: 'reversed' });
      expect(await terminal.reverse(request('p1'))).toEqual({ outcome: 'reversed' });
      expect(await terminal.query(asked('p1'))).toEqual({ outcome: 'reversed' });
      expect(await terminal.reverse(request('p9'))).toEqual({ outcome: 'not-found' });
    });

    it('a refund is asked about like a charge', async () => {
      const { terminal } = await connected();
      expect(await terminal.refund(request('r1'))).toMatchObject(approved);
      expect(await terminal.query(asked('r1'))).toMatchObject(approved);
    });
  });
};
