import { join } from 'node:path';
import type { Flow } from './flows.ts';
import type { Strike } from './points.ts';
import type { Mutant } from './protocol.ts';
import { runFlow, type RunResult } from './run.ts';
import { inLanes, sample, seedOf } from './sample.ts';
import { createTally, type Row } from './tally.ts';

export interface CrashRun {
  /** Where everything lies; removed at the end. */
  readonly folder: string;
  /** An open store, closed in order: most flows begin with a copy. */
  readonly template: string;
  readonly share: number;
  readonly seed: number;
  readonly lanes: number;
  /** Only this point of each flow. */
  readonly point: number | null;
}

/** A flow that went well, without anything in its way: its points, and what it comes to. */
export interface Undisturbed {
  readonly flow: Flow;
  readonly labels: readonly string[];
  readonly outcome: string;
  readonly result: RunResult;
}

export async function undisturbed(run: CrashRun, flow: Flow): Promise<Undisturbed> {
  const result = await runFlow({ flow, template: run.template, folder: join(run.folder, 'undisturbed') });
  return { flow, labels: result.labels, outcome: result.outcome, result };
}

const fewest = 3;

/** Killed at each point, or at a sample of them. */
export async function killEverywhere(run: CrashRun, { flow, labels, outcome, result }: Undisturbed): Promise<Row> {
  const tally = createTally(flow.name);
  tally.only('  undisturbed', result.problems);
  const all = labels.map((_, index) => index + 1);
  const chosen = run.point === null ? sample(all, run.share, fewest, seedOf(flow.name, run.seed)) : [run.point];
  const jobs = chosen.map((at) => async (lane: number) => {
    const strikes: readonly Strike[] = [{ at, action: 'kill' }];
    const killed = await runFlow({
      flow,
      template: run.template,
      folder: laneOf(run, lane),
      strikes,
      expected: outcome,
    });
    const missed = killed.struckAt[0] === labels[at - 1] ? [] : [missedPoint(labels[at - 1], killed.struckAt[0])];
    tally.add(nameOf(flow, at, labels), [...killed.problems, ...missed], killed.struckAt.length > 0);
  });
  await inLanes(jobs, run.lanes);
  return tally.row();
}

const laneOf = (run: CrashRun, lane: number): string => join(run.folder, `lane-${lane}`);
const nameOf = (flow: Flow, at: number, labels: readonly string[]): string =>
  `  ${flow.name}, point ${at}, ${labels[at - 1] ?? 'none'}  (npm run crash -- --flow "${flow.name}" --point ${at})`;
const missedPoint = (wanted = 'none', met = 'none') =>
  ({ kind: 'wrong', text: `it was to die at "${wanted}" and died at "${met}"` }) as const;

/** First deaths of a flow, and how far into the recovery it dies again. */
const firstDeaths = 2;
const recoveryPoints = 24;
const secondShare = 1 / 3;

/** Killed at a point, and again while it recovers. A recovery that is over before the second point is no try. */
export async function killTwice(run: CrashRun, flows: readonly Undisturbed[]): Promise<Row> {
  const tally = createTally('killed again in recovery');
  const jobs = flows.flatMap(({ flow, labels, outcome }) =>
    deathsOf(run, flow, labels).map(([first, second]) => async (lane: number) => {
      const strikes: readonly Strike[] = [
        { at: first, action: 'kill' },
        { at: second, action: 'kill' },
      ];
      const killed = await runFlow({
        flow,
        template: run.template,
        folder: laneOf(run, lane),
        strikes,
        expected: outcome,
      });
      if (killed.struckAt.length < 2 && killed.problems.length === 0) return;
      tally.add(`${nameOf(flow, first, labels)}, then point ${second}, ${killed.struckAt[1]}`, killed.problems, true);
    }),
  );
  await inLanes(jobs, run.lanes);
  return tally.row();
}

function deathsOf(run: CrashRun, flow: Flow, labels: readonly string[]): readonly (readonly [number, number])[] {
  const seed = seedOf(`${flow.name} twice`, run.seed);
  const points = labels.map((_, index) => index + 1);
  const firsts = sample(points, 0, firstDeaths, seed);
  const pairs = firsts.flatMap((first) =>
    sample(
      Array.from({ length: recoveryPoints }, (_, index) => index + 1),
      secondShare,
      1,
      seed + first,
    ).map((second) => [first, second] as const),
  );
  return sample(pairs, run.share, 1, seed);
}

/** What each mutant does wrong, where it shows, and by which words it must be caught. */
const controls: Readonly<Record<Mutant, { readonly flow: string; readonly caughtBy: RegExp }>> = {
  'effect-before-commit': { flow: 'cash with change', caughtBy: /opened twice|two originals|in no book|no book knows/ },
  'charges-again': { flow: 'card approved', caughtBy: /charged more than once/ },
  'repeats-left-calls': { flow: 'cash with change', caughtBy: /opened twice|two originals/ },
  'forgets-answers': { flow: 'scan', caughtBy: /done 2 times/ },
  'acknowledges-early': { flow: 'scan', caughtBy: /acknowledged and is not in the journal/ },
};

/** Stores that are wrong on purpose. A row fails where its mutant is not caught: then the checks are blind. */
export async function catchMutants(run: CrashRun, flows: readonly Undisturbed[]): Promise<Row> {
  const tally = createTally('negative controls (caught)');
  const jobs = Object.entries(controls).map(([name, { flow: flowName, caughtBy }]) => async (lane: number) => {
    const mutant = name as Mutant;
    const wanted = flows.find(({ flow }) => flow.name === flowName);
    if (wanted === undefined) return;
    const { flow, labels, outcome } = wanted;
    const plan = {
      flow,
      template: run.template,
      folder: join(run.folder, `control-${lane}`),
      expected: outcome,
      mutant,
    };
    const whole = await runFlow(plan);
    // A mutant that shows by itself says nothing about the kills.
    tally.only(`  ${mutant} without a kill`, whole.problems);
    const caught = await isCaught(labels.length, async (at) => {
      const { problems } = await runFlow({ ...plan, strikes: [{ at, action: 'kill' }] });
      return problems.some(({ text }) => caughtBy.test(text));
    });
    tally.add(`  ${mutant}`, caught ? [] : [{ kind: 'wrong', text: 'was not caught at any point' }], caught);
  });
  await inLanes(jobs, run.lanes);
  return tally.row();
}

async function isCaught(points: number, isCaughtAt: (at: number) => Promise<boolean>): Promise<boolean> {
  for (let at = 1; at <= points; at += 1) if (await isCaughtAt(at)) return true;
  return false;
}
