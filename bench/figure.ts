/** How much is measured: `quick` tells whether it still runs, `full` takes as long as it takes. */
export type Mode = 'quick' | 'default' | 'full';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What one figure found. Everything in words and numbers of its own: the report only lays it out. */
export interface Findings {
  readonly tables: readonly Table[];
  /** How it was measured, and what a reader must know. One paragraph each. */
  readonly notes: readonly string[];
  /** Numbers that may be compared between machines: each is a measure of ours over a floor of the same run. */
  readonly ratios: Readonly<Record<string, number>>;
}

export interface Bench {
  /** A folder of its own on the disk that is measured; removed afterwards. */
  readonly folder: string;
  readonly mode: Mode;
  /** What a person who waits wants to read. */
  readonly report: (line: string) => void;
}

export interface Figure {
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<Findings>;
}

/** Rounds of a figure: the median of them is told. */
export const roundsOf = (mode: Mode): number => ({ quick: 2, default: 5, full: 9 })[mode];
