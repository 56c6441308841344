import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from './invariants.ts';
import type { CrashRun, Undisturbed } from './kills.ts';
import { runFlow } from './run.ts';
import { inLanes, sample, seedOf } from './sample.ts';
import { createTally, type Row } from './tally.ts';

/** Ways to a full disk, best first: a small disk of its own; files that may not grow. */
interface FullDisk {
  readonly fullBy: 'ballast' | 'limit';
  /** One folder a lane. */
  readonly folders: readonly string[];
  unmount(): void;
}

const diskBytes = '24m';

/**
 * The disk is full from a point on: commands are refused and nothing is half done; then the space is given back, and the flow
 * ends as it would have. Null with a reason where this machine has no way to a full disk.
 */
export async function fillEverywhere(run: CrashRun, flows: readonly Undisturbed[]): Promise<Row | string> {
  const disk = smallDisk(run);
  if (typeof disk === 'string') return disk;
  const tally = createTally(`disk full (${disk.fullBy === 'ballast' ? 'tmpfs' : 'file size limit'})`);
  let refused = 0;
  try {
    const jobs = flows.flatMap(({ flow, labels, outcome }) => {
      const points = labels.map((_, index) => index + 1);
      return sample(points, run.share, 2, seedOf(`${flow.name} full`, run.seed)).map((at) => async (lane: number) => {
        const strikes = [{ at, action: 'fill' }] as const;
        const dataDir = disk.folders[lane] ?? '';
        const folder = join(run.folder, `full-${lane}`);
        const { fullBy } = disk;
        const filled = await runFlow({
          flow,
          template: run.template,
          folder,
          dataDir,
          fullBy,
          strikes,
          expected: outcome,
        });
        refused += filled.refusedByDisk;
        tally.add(
          `  ${flow.name}, disk full from point ${at}, ${labels[at - 1]}`,
          filled.problems,
          filled.problems.length === 0,
        );
      });
    });
    await inLanes(jobs, run.lanes);
    tally.only('  all points', refused > 0 ? [] : [neverRefused]);
    return tally.row();
  } finally {
    disk.unmount();
  }
}

const neverRefused: Problem = { kind: 'wrong', text: 'no command was ever refused: the disk was not full' };

function smallDisk({ folder, lanes }: CrashRun): FullDisk | string {
  const folders = Array.from({ length: lanes }, (_, lane) => join(folder, `small-${lane}`));
  for (const path of folders) mkdirSync(path);
  const mounted: string[] = [];
  const unmount = (): void => {
    for (const path of mounted.splice(0)) execFileSync('umount', [path]);
  };
  try {
    for (const path of folders) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', path], { stdio: 'ignore' });
      mounted.push(path);
    }
    return { fullBy: 'ballast', folders, unmount };
  } catch {
    unmount();
  }
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return { fullBy: 'limit', folders, unmount };
  } catch {
    return 'a tmpfs needs root, and there is no prlimit (util-linux)';
  }
}
