import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '../../src/persistence/database.ts';
import type { Flow } from './flows.ts';
import { findProblems, type Problem } from './invariants.ts';
import { outcomeOf } from './outcome.ts';
import type { Strike } from './points.ts';
import { pathsOf, type Life, type Mutant } from './protocol.ts';
import { readTraces } from './simulated-devices.ts';
import { createTill, FlowFailed, type TillRun } from './till.ts';

/** One flow, gone through once, with whatever happens to its store on the way. */
export interface RunPlan {
  readonly flow: Flow;
  readonly folder: string;
  /** An open store to begin with; not used by a flow that starts from nothing. */
  readonly template: string;
  /** Where the data file is, when not in the folder: a small disk. */
  readonly dataDir?: string;
  readonly fullBy?: Life['fullBy'];
  readonly strikes?: readonly (Strike | null)[];
  readonly mutant?: Mutant | null;
  /** What it must come to. */
  readonly expected?: string;
  /** The end: killed, or closed in order. */
  readonly ending?: 'kill' | 'stop';
}

export interface RunResult {
  readonly problems: readonly Problem[];
  readonly struckAt: readonly string[];
  readonly labels: readonly string[];
  readonly outcome: string;
  readonly refusedByDisk: number;
  readonly acknowledged: TillRun['acknowledged'];
}

export async function runFlow(plan: RunPlan): Promise<RunResult> {
  const { flow, folder } = plan;
  const paths = pathsOf(folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (flow.fromStart !== true) cpSync(plan.template, folder, { recursive: true });
  for (const notes of [paths.commits, paths.reports]) rmSync(notes, { force: true });
  const dataDir = plan.dataDir ?? paths.store;
  if (dataDir !== paths.store) moveData(paths.store, dataDir);
  const till = await createTill({
    folder,
    dataDir,
    mutant: plan.mutant ?? null,
    fullBy: plan.fullBy ?? 'ballast',
    printerTells: flow.printerIsMute !== true,
    strikes: plan.strikes ?? [],
    fromStart: flow.fromStart === true,
  });
  const failures: Problem[] = [];
  let labels: readonly string[] = [];
  try {
    await flow.run(till);
    const left = await till.finish();
    failures.push(...left.map((text) => ({ kind: 'wrong', text: `at the end: ${text}` }) as const));
    labels = await till.labels();
    if (plan.ending === 'stop') await till.stop();
  } catch (error) {
    // Anything else is a mistake of the run itself.
    if (!(error instanceof FlowFailed)) throw error;
    failures.push({ kind: 'wrong', text: error.message });
  } finally {
    await till.kill();
  }
  const { struckAt, acknowledged } = till;
  const evidence = check(dataDir, paths.devices, acknowledged);
  const { outcome } = evidence;
  const differs = plan.expected !== undefined && outcome !== plan.expected;
  const difference: readonly Problem[] = differs ? [differenceOf(outcome, plan.expected)] : [];
  const problems = [...failures, ...evidence.problems, ...difference];
  return { problems, struckAt, labels, outcome, acknowledged, refusedByDisk: till.refusedByDisk() };
}

/** The folder stays: a disk may be mounted on it. */
function moveData(from: string, to: string): void {
  for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

function check(dataDir: string, devices: string, acknowledged: TillRun['acknowledged']) {
  const database = openReadOnly(dataDir);
  try {
    return {
      problems: findProblems({ database, traces: readTraces(devices), acknowledged }),
      outcome: outcomeOf(database),
    };
  } finally {
    database.close();
  }
}

/** More than without the kill is doubled, less is lost. */
function differenceOf(outcome: string, expected = ''): Problem {
  const was = outcome.split('\n');
  const lines = expected
    .split('\n')
    .flatMap((line, index) => (line === was[index] ? [] : [`${was[index]} instead of ${line}`]));
  const kind = outcome.length > expected.length ? 'doubled' : outcome.length < expected.length ? 'lost' : 'wrong';
  return { kind, text: lines.join('; ') };
}
