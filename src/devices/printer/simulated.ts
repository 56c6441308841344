import type { PrintRequest } from '../../domain/effects.ts';
import type { PrintOutcome, PrintQueryOutcome, ReceiptPrinter } from '../../domain/ports.ts';
import { renderReceiptText } from '../../domain/receipt.ts';
import type { DeviceMemory } from '../memory.ts';
import { createSimulatedLine, type SimulatedLine } from '../simulated-line.ts';

export interface SimulatedPrinterDeps {
  readonly wait: (ms: number) => Promise<void>;
  readonly memory: DeviceMemory;
}
export interface SimulatedPrinterOptions {
  /** How long a receipt takes. 0, the default: answers in a microtask. */
  readonly printMs?: number;
  /** False for a printer that cannot tell what came out: every question is answered `unsure`. */
  readonly tellsJobs?: boolean;
}

/** What came out for one job: a whole receipt, or the beginning of one. */
export interface Sheet {
  readonly jobId: string;
  readonly receiptNumber: number;
  readonly copy: boolean;
  readonly whole: boolean;
  readonly lines: readonly string[];
}

/** A receipt printer with a roll of paper, and verbs for all that goes wrong. What came out stays out, in its memory. */
export interface SimulatedPrinter extends ReceiptPrinter, PrinterVerbs {
  /** The roll, line by line. */
  paper(): readonly string[];
  sheets(): readonly Sheet[];
}

export interface PrinterVerbs {
  noPaper(): void;
  loadPaper(): void;
  openCover(): void;
  closeCover(): void;
  /** The next receipt comes out, and the answer is lost: `unsure`. */
  loseAnswer(): void;
  /** Power fails after so many lines of the next receipt. */
  powerOffAfterLine(lines: number): void;
  powerOff(): void;
  powerOn(): void;
}

/** Sheets that the roll remembers; the oldest are torn off first. */
const sheetsMax = 10_000;

const offline = { outcome: 'offline' } as const;
const unsure = { outcome: 'unsure' } as const;

interface Roll {
  readonly feed: (sheet: Sheet) => void;
  readonly sheets: () => readonly Sheet[];
}
const createRoll = (memory: DeviceMemory): Roll => {
  const roll = memory.load().map((text) => JSON.parse(text) as Sheet);
  return {
    feed(sheet) {
      if (sheet.lines.length === 0) return;
      memory.append(JSON.stringify(sheet));
      roll.push(sheet);
      if (roll.length > sheetsMax) roll.splice(0, sheetsMax / 2);
    },
    sheets: () => [...roll],
  };
};

export const createSimulatedPrinter = (
  { wait, memory }: SimulatedPrinterDeps,
  options: SimulatedPrinterOptions = {},
): SimulatedPrinter => {
  const line = createSimulatedLine();
  const roll = createRoll(memory);
  const printMs = options.printMs ?? 0;
  const state: PrinterState = { hasPaper: true, isOpen: false, cutAfterLines: null, answersLost: 0 };

  const print = async ({ jobId, receipt, copy }: PrintRequest): Promise<PrintOutcome> => {
    const life = line.life();
    if (printMs > 0) await wait(printMs);
    // Power, paper or cover went while it waited: nothing of it is on paper.
    if (line.life() !== life) return offline;
    if (state.isOpen) return { outcome: 'cover-open' };
    if (!state.hasPaper) return { outcome: 'no-paper' };
    const lines = renderReceiptText({ ...receipt, copy });
    const sheet = { jobId, receiptNumber: receipt.number, copy, whole: true, lines };
    const cut = state.cutAfterLines;
    if (cut !== null && cut < lines.length) {
      roll.feed({ ...sheet, whole: false, lines: lines.slice(0, cut) });
      state.cutAfterLines = null;
      line.powerOff();
      return unsure;
    }
    roll.feed(sheet);
    if (state.answersLost === 0) return { outcome: 'printed' };
    state.answersLost -= 1;
    return unsure;
  };
  const query = (jobId: string): PrintQueryOutcome => {
    if (options.tellsJobs === false) return unsure;
    const sheets = roll.sheets().filter((sheet) => sheet.jobId === jobId);
    if (sheets.some(({ whole }) => whole)) return { outcome: 'printed' };
    return sheets.length > 0 ? unsure : { outcome: 'not-found' };
  };
  return {
    ...line.port,
    ...verbsOf(line, state),
    print: (request) => line.call<PrintOutcome>(() => print(request), offline, unsure),
    query: ({ jobId }) => line.call<PrintQueryOutcome>(async () => query(jobId), offline, offline),
    paper: () => roll.sheets().flatMap(({ lines }) => lines),
    sheets: roll.sheets,
  };
};

interface PrinterState {
  hasPaper: boolean;
  isOpen: boolean;
  cutAfterLines: number | null;
  answersLost: number;
}

const verbsOf = (line: SimulatedLine, state: PrinterState): PrinterVerbs => ({
  noPaper() {
    state.hasPaper = false;
    line.tell({ type: 'PAPER_OUT' });
  },
  loadPaper() {
    state.hasPaper = true;
    line.tell({ type: 'PAPER_LOADED' });
  },
  openCover() {
    state.isOpen = true;
    line.tell({ type: 'COVER_OPEN' });
  },
  closeCover() {
    state.isOpen = false;
    line.tell({ type: 'COVER_CLOSED' });
  },
  loseAnswer() {
    state.answersLost += 1;
  },
  powerOffAfterLine(lines) {
    state.cutAfterLines = lines;
  },
  powerOff: line.powerOff,
  powerOn: line.powerOn,
});
