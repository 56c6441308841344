import { describe, expect, it } from 'vitest';
import type { ReceiptPrinter } from '../../../src/domain/ports.ts';
import type { PrinterVerbs, Sheet } from '../../../src/devices/printer/simulated.ts';
import { receiptNumber } from '../../machines/receipt.ts';
import { createListener } from './listener.ts';

export interface PrinterPair {
  readonly printer: ReceiptPrinter;
  readonly verbs: PrinterVerbs;
  readonly reopen: () => Promise<ReceiptPrinter>;
  /** What is on paper. */
  readonly sheets: () => readonly Pick<Sheet, 'jobId' | 'copy' | 'whole'>[];
  readonly pass: (ms: number) => Promise<void>;
}

const job = (jobId: string, copy = false) =>
  ({ requester: `order/${jobId}`, jobId, receipt: { ...receiptNumber(7), copy }, copy }) as const;
const asked = (jobId: string) => ({ requester: `order/${jobId}`, jobId }) as const;

/** What every receipt printer must do. */
export const printerAcceptance = (name: string, makePair: () => PrinterPair | Promise<PrinterPair>): void => {
  const connected = async () => {
    const pair = await makePair();
    const listener = createListener();
    expect(await pair.printer.connect(listener.listen)).toEqual({ outcome: 'connected' });
    const onPaper = () => pair.sheets().map(({ jobId, copy, whole }) => ({ jobId, copy, whole }));
    return { ...pair, listener, onPaper };
  };
  const whole = (jobId: string, copy = false) => ({ jobId, copy, whole: true });

  describe(`${name}: receipts`, () => {
    it('F3: printed is on paper, and can be asked about', async () => {
      const { printer, onPaper } = await connected();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'printed' });
      expect(onPaper()).toEqual([whole('j1')]);
      expect(await printer.query(asked('j1'))).toEqual({ outcome: 'printed' });
      expect(await printer.query(asked('j9'))).toEqual({ outcome: 'not-found' });
    });

    it('F3: a copy says so', async () => {
      const { printer, onPaper } = await connected();
      await printer.print(job('j1', true));
      expect(onPaper()).toEqual([whole('j1', true)]);
    });

    it('before anybody connected nothing comes out', async () => {
      const { printer, sheets } = await makePair();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'offline' });
      expect(sheets()).toEqual([]);
    });
  });

  describe(`${name}: what goes wrong`, () => {
    it('no paper: told, nothing comes out, and after loading it does', async () => {
      const { printer, verbs, onPaper, listener } = await connected();
      verbs.noPaper();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'no-paper' });
      expect(onPaper()).toEqual([]);
      verbs.loadPaper();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'printed' });
      expect(listener.types()).toEqual(['PAPER_OUT', 'PAPER_LOADED']);
    });

    it('the cover is open', async () => {
      const { printer, verbs, listener } = await connected();
      verbs.openCover();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'cover-open' });
      verbs.closeCover();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'printed' });
      expect(listener.types()).toEqual(['COVER_OPEN', 'COVER_CLOSED']);
    });

    it('X5: power fails in mid-receipt: unsure, told, and never said to be printed', async () => {
      const { printer, verbs, onPaper, listener } = await connected();
      verbs.powerOffAfterLine(3);
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'unsure' });
      expect(listener.types()).toEqual(['DISCONNECTED']);
      expect(await printer.connect(listener.listen)).toEqual({ outcome: 'unreachable' });
      verbs.powerOn();
      await printer.connect(listener.listen);
      expect(await printer.query(asked('j1'))).toEqual({ outcome: 'unsure' });
      expect(onPaper()).toEqual([{ jobId: 'j1', copy: false, whole: false }]);
    });

    it('power fails before the first line: afterwards the printer has nothing of it', async () => {
      const { printer, verbs, onPaper, listener } = await connected();
      verbs.powerOffAfterLine(0);
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'unsure' });
      verbs.powerOn();
      await printer.connect(listener.listen);
      expect(await printer.query(asked('j1'))).toEqual({ outcome: 'not-found' });
      expect(onPaper()).toEqual([]);
    });

    it('the answer is lost: unsure, and a question finds it on paper', async () => {
      const { printer, verbs } = await connected();
      verbs.loseAnswer();
      expect(await printer.print(job('j1'))).toEqual({ outcome: 'unsure' });
      expect(await printer.query(asked('j1'))).toEqual({ outcome: 'printed' });
    });

    it('X3: the store is killed after the receipt came out: a new port finds it', async () => {
      const { printer, reopen } = await connected();
      await printer.print(job('j1'));
      const again = await reopen();
      await again.connect(createListener().listen);
      expect(await again.query(asked('j1'))).toEqual({ outcome: 'printed' });
    });
  });
};
