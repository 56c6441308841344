import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../../src/bus/bus.ts';
import type { Ack } from '../../src/domain/ports.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { openStoreProgram, systemClock, type StoreProgram } from '../../src/main.ts';
import type { Catalog } from '../../src/persistence/catalog.ts';
import { createJumpingClock, untilQuiet } from './jumping-clock.ts';
import { mutate, type Parts } from './mutants.ts';
import {
  createCrashPoints,
  withPointsAtClock,
  withPointsAtDevices,
  withPointsAtJournal,
  type Strike,
} from './points.ts';
import { counterIds, pathsOf, type Ask, type Life, type Numbered, type Sent, type Settled } from './protocol.ts';
import { sampleBook } from './sample-book.ts';
import { createCrashDevices } from './simulated-devices.ts';
import { unfinished } from './unfinished.ts';
import { verifyStore } from './verify-store.ts';

/**
 * A store as a process of its own, to be killed. Time and devices are simulated, the rest is the real store.
 * The parent is its only client, over the process's own pipe.
 */
const life = JSON.parse(process.argv[2] ?? '') as Life;
const paths = pathsOf(life.folder);
const ballast = join(life.dataDir, 'ballast');
const walPath = join(life.dataDir, 'store.db-wal');
let isFull = false;

const points = createCrashPoints(strike);
const jumping = createJumpingClock(life.startAt);
const clock = life.bus ? systemClock : withPointsAtClock(jumping, points);
const plainDevices = createCrashDevices((ms) => new Promise((resolve) => void clock.after(ms, () => resolve())), {
  folder: paths.devices,
  printerTells: life.printerTells,
});
for (const verb of life.verbs) plainDevices.call(verb);
points.arm(life.strike);
const program = open();
const bus = life.bus ? await startBus(program) : null;
process.on('message', (ask: Numbered<Ask>) => void answer(ask));
// Without its parent it has nothing to do.
process.on('disconnect', () => process.exit(0));
reply(0, 'ready');

function strike(action: Strike['action'], label: string): void {
  if (action === 'fill') return fill(label);
  writeFileSync(paths.died, label);
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way; nothing more may happen here.
  for (;;);
}

/** Takes what space the disk has left, or forbids files to grow beyond the WAL as it is. */
function fill(label: string): void {
  writeFileSync(paths.died, label);
  isFull = true;
  if (life.fullBy === 'limit') return limitFiles(String(statSync(walPath).size));
  const file = openSync(ballast, 'a');
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, page);
  } catch {
    // Full.
  } finally {
    closeSync(file);
  }
}

function giveBack(): void {
  if (life.fullBy === 'limit') limitFiles('unlimited');
  rmSync(ballast, { force: true });
  isFull = false;
}

/** Node ignores SIGXFSZ, so that a write beyond it fails with EFBIG. */
function limitFiles(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
}

function open(): StoreProgram {
  const parts: Parts = {
    devices: withPointsAtDevices(plainDevices, points),
    wrapJournal: (journal) =>
      withPointsAtJournal(journal, points, () => {
        const walBytes = statSync(walPath).size;
        appendFileSync(paths.commits, `${JSON.stringify({ head: journal.head(), walBytes })}\n`);
      }),
  };
  const { devices, wrapJournal } = life.mutant === null ? parts : mutate(life.mutant, parts, plainDevices);
  const opened = openStoreProgram(configOf(life.dataDir), {
    devices,
    wrapJournal,
    clock,
    prepare: importBook,
    report: (record) => appendFileSync(paths.reports, `${JSON.stringify(record)}\n`),
  });
  if ('reason' in opened) throw new Error(`${opened.reason}: ${opened.detail}`);
  return opened;
}

function configOf(dataDir: string): Config {
  const config = readConfig({
    STOREFIRST_DATA: dataDir,
    STOREFIRST_STORE: 'crash',
    STOREFIRST_COUNTERS: counterIds.join(','),
    STOREFIRST_NATS: 'off',
  });
  if ('reason' in config) throw new Error(config.detail);
  return config;
}

function importBook(catalog: Catalog): void {
  if (catalog.activeBook() !== null) return;
  const book = sampleBook();
  points.hit('before the first price book');
  catalog.importBook(book, clock.now());
  points.hit('after the first price book');
}

async function startBus({ runtime, turns }: StoreProgram): Promise<Bus> {
  // Only then: the others start without the client of NATS, and there are hundreds of them.
  const { openBus } = await import('../../src/bus/bus.ts');
  return openBus(
    {
      store: runtime,
      turns,
      randomBytes,
      nowMs: Date.now,
      chance: Math.random,
      uniqueId: randomUUID,
      report: (line) => appendFileSync(paths.reports, `${JSON.stringify({ type: 'bus', line })}\n`),
    },
    {
      storeId: 'crash',
      dataDir: life.dataDir,
      cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storefirst'),
      environment: process.env,
      port: 0,
    },
  );
}

function reply(number: number, body: unknown): void {
  process.send?.({ number, body });
}

async function answer({ number, body }: Numbered<Ask>): Promise<void> {
  switch (body.type) {
    case 'send':
      return reply(number, await send(body.commands));
    case 'read':
      return reply(number, await program.runtime.read(body.of));
    case 'settle':
      return reply(number, await settle(body.of));
    case 'arm':
      points.arm(body.strike);
      return reply(number, null);
    case 'labels':
      return reply(number, points.labels());
    case 'device':
      plainDevices.call(body.verb);
      return reply(number, null);
    case 'free':
      giveBack();
      return reply(number, null);
    case 'verify':
      return reply(number, verifyStore(program.database));
    case 'bus':
      return reply(number, bus?.status() ?? null);
    case 'stop':
      await bus?.close();
      await program.stop();
      reply(number, null);
      process.disconnect();
  }
}

async function send(commands: readonly Sent[]): Promise<readonly Ack[]> {
  // Devices first come to rest: then each run passes the same points. What meets in one tick is sent together.
  if (!life.bus) await nothingHappens();
  const unanswered = new Set(commands);
  const acks = commands.map(async (sent) => {
    const ack = await program.runtime.send(sent.to, sent.command);
    unanswered.delete(sent);
    return ack;
  });
  while (!life.bus && unanswered.size > 0) {
    await nothingHappens();
    // A store whose disk is full takes commands when it has tried again.
    if (unanswered.size > 0) jumping.jump();
  }
  return Promise.all(acks);
}

/** Longest way to rest: reconnects, questions about a card, retries of a full disk. */
const jumpsMax = 400;
/** So often a full disk is tried before the parent hears of it. */
const jumpsWhenFullMax = 8;

async function settle(of: 'money' | 'everything'): Promise<Settled> {
  if (life.bus) return settleInRealTime(of);
  for (let jumps = 0; ; jumps += 1) {
    await nothingHappens();
    const left = unfinished(program.database, of);
    // On a full disk, news of devices wait in memory: the disk alone does not know of them.
    if (left.length === 0 && !isFull) return { isSettled: true, isFull, left };
    if (jumps >= (isFull ? jumpsWhenFullMax : jumpsMax) || !jumping.jump()) return { isSettled: false, isFull, left };
  }
}

const restMs = 20;
const rests = 500;
async function settleInRealTime(of: 'money' | 'everything'): Promise<Settled> {
  for (let tries = 0; ; tries += 1) {
    const left = unfinished(program.database, of);
    if (left.length === 0 || tries === rests) return { isSettled: left.length === 0, isFull, left };
    await new Promise((resolve) => void setTimeout(resolve, restMs));
  }
}

/** No commit, no answer of a device, no timer for a few turns of the loop. */
const nothingHappens = () => untilQuiet(() => jumping.activity() + points.count());
