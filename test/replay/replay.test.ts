import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/replay.ts';
import type { ReplayReport } from '../../src/cli/replay/report.ts';
import type { TillTransaction } from '../../src/cli/replay/till-log.ts';
import { madeUpLog } from './made-up-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'storefirst-replay-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const writeLog = (name: string, transactions: readonly TillTransaction[]): string => {
  const file = join(folder, `${name}.ndjson.gz`);
  writeFileSync(file, gzipSync(transactions.map((one) => `${JSON.stringify(one)}\n`).join('')));
  return file;
};

let reports = 0;
const replayed = async (file: string, ...options: readonly string[]): Promise<ReplayReport> => {
  reports += 1;
  const report = join(folder, `report-${reports}.json`);
  expect(await run([file, '--report', report, ...options])).toBe(0);
  return JSON.parse(readFileSync(report, 'utf8')) as ReplayReport;
};

/** What must not depend on how often the power failed. */
const lasting = ({ resumed: _resumed, durationMs: _durationMs, ...report }: ReplayReport) => report;

describe('a small log of every kind of row', () => {
  const file = writeLog('made-up', madeUpLog);
  const data = join(folder, 'store');
  let report: ReplayReport;
  beforeAll(async () => {
    report = await replayed(file, '--data', data);
  });

  test('each day comes out of the store’s own tables, to the cent', () => {
    expect(report.days).toEqual([
      {
        day: 1,
        completed: 9,
        itemsCents: 1058 + 2 * 101 + 700 - 699 + 300 + 1108 + 1049 + 200 + 400,
        discountCents: -60,
        taxCents: 100,
        tenders: { CA: 1112 - 699 + 565 + 216, CC: 200 + 1108, CK: 700, CP: 100, EF: 400, GD: 500, MI: 154 },
        voidLines: 1,
        returnLines: 3,
      },
      {
        day: 2,
        completed: 8,
        itemsCents: 375 + 725 + 786 - 499 + 499 + 100,
        discountCents: 0,
        taxCents: 80,
        tenders: { CA: -1625 + 100 - 200, CC: -299 + 999 + 866, CK: 2000, CP: 200, EC: 425, MI: -200, ZZ: 300 },
        voidLines: 0,
        returnLines: 1,
      },
    ]);
  });

  test('lines are equal but for the half-cent ties, and the ties are listed', () => {
    expect(report.lines).toMatchObject({ knownTies: 2, different: 0 });
    expect(report.lines.equal + 2).toBe(report.lines.checked);
    expect(report.deviations.filter(({ what }) => what === 'line-tie')).toHaveLength(2);
    expect(report.tax).toMatchObject({ different: 0 });
    expect(report.exemptTax).toEqual({ checked: 2, equal: 2, different: 0 });
  });

  test('each sum of a day that is not as recorded is explained by the list', () => {
    expect(report.dayDifferences.map(({ what }) => what)).toEqual(['items', 'void lines', 'return lines']);
    expect(report.dayDifferences.every(({ unexplained }) => unexplained === 0)).toBe(true);
    expect(report.differenceCents).toBe(2 - 500);
  });

  test('what nobody has seen before is put through and listed', () => {
    const unknown = report.deviations.filter(({ what }) => what === 'unknown-kind').map(({ recorded }) => recorded);
    expect(unknown).toEqual(['tender ZZ', 'tax class 7', 'transactions of kind strange', 'rows of type Q']);
  });

  test('suspended here and taken up there, cancelled, training, nothing rung', () => {
    expect(report.ends).toEqual({ paid: 17, suspended: 1, cancelled: 3, training: 1 });
    expect(report.transactions).toBe(madeUpLog.length);
  });

  test('the ledger of each product is what was sold less what came back', () => {
    expect(report.stock.different).toEqual([]);
    expect(report.rules).toMatchObject({ label: 1, bundle: 1, void: 1, special: 1, coupon: 1, credit: 1 });
  });

  test('killed about every 8 commands: the same', { timeout: 600_000 }, async () => {
    const killed = await replayed(file, '--kill-every', '8');
    expect(killed.resumed).toBeGreaterThan(5);
    expect(lasting(killed)).toEqual(lasting(report));
  });

  test('the same log again in the same folder sells nothing twice; another log is refused there', async () => {
    expect(lasting(await replayed(file, '--data', data))).toEqual(lasting(report));
    expect(await run([writeLog('other', madeUpLog.slice(1)), '--data', data])).toBe(1);
  });
});

describe('asked wrongly', () => {
  test.each([[[]], [['a', 'b']], [['a', '--kill-every', '0']], [['a', '--strange']]])('%j', async (args) => {
    expect(await run(args)).toBe(2);
  });

  test('no such file, or a file that is no log', async () => {
    expect(await run([join(folder, 'missing')])).toBe(1);
    const file = join(folder, 'no-log');
    writeFileSync(file, '{"day":1}\n');
    expect(await run([file])).toBe(1);
  });
});

const realLog = '../shared/data/till-log/days-01-15.ndjson.gz';
const missing = existsSync(realLog) ? '' : ` (skipped: no till log at ${realLog})`;

describe.skipIf(missing !== '')(`day 1 of a real till${missing}`, () => {
  const replayDay = async (...options: readonly string[]): Promise<ReplayReport> => {
    const { readTillLog } = await import('../../src/cli/replay/till-log.ts');
    const log = readTillLog(realLog);
    if (!log.ok) throw new Error(log.detail);
    return replayed(
      writeLog(
        'day-1',
        log.transactions.filter(({ day }) => day === 1),
      ),
      ...options,
    );
  };

  test('356 transactions to the cent, and the same while the store is being killed', { timeout: 600_000 }, async () => {
    const report = await replayDay();
    expect(report.lines).toEqual({ checked: 2587, equal: 2582, knownTies: 4, different: 1 });
    expect(report.tax).toEqual({ checked: 315, equal: 315, different: 0 });
    expect(report.stock.different).toEqual([]);
    expect(report.dayDifferences.filter(({ unexplained }) => unexplained !== 0)).toEqual([]);
    expect(report.dayDifferences.filter(({ what }) => what.startsWith('tender'))).toEqual([]);
    const killed = await replayDay('--kill-every', '400');
    expect(killed.resumed).toBeGreaterThan(2);
    expect(lasting(killed)).toEqual(lasting(report));
  });
});
