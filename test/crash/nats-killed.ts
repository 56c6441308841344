import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectStore, type StoreConnection } from '../../src/bus/connection.ts';
import { createStoreClient, type StoreClient } from '../../src/bus/store-client.ts';
import type { BusStatus } from '../../src/bus/bus.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import { openReadOnly, type Sqlite } from '../../src/persistence/database.ts';
import { createUuids } from '../../src/uuid.ts';
import { startStore, type StoreChild } from './child-process.ts';
import { findProblems, type Problem } from './invariants.ts';
import type { CrashRun } from './kills.ts';
import { pathsOf, type Settled } from './protocol.ts';
import { readTraces } from './simulated-devices.ts';
import { createTally, type Row } from './tally.ts';
import { FlowFailed, manager, type Acknowledged } from './till.ts';

const salesMin = 12;
const startsMs = 120_000;

/** nats-server is killed while two tills sell over NATS and somebody follows the journal. A reason where there is no nats-server. */
export async function killNats(run: CrashRun): Promise<Row | string> {
  const tally = createTally('nats-server killed');
  const kills = Math.max(1, Math.round(5 * run.share));
  const folder = join(run.folder, 'nats');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  cpSync(run.template, folder, { recursive: true });
  const child = await startStore({
    folder,
    dataDir: pathsOf(folder).store,
    startAt: 0,
    strike: null,
    mutant: null,
    printerTells: true,
    verbs: [],
    fullBy: 'ballast',
    bus: true,
  });
  try {
    const serving = await untilServing(child);
    if (typeof serving === 'string') return serving;
    const connection = await connectAs(serving);
    const client = createStoreClient(connection, { storeId: 'crash', timeoutMs: 30_000 });
    const problems = await sellWhileKilled(run, child, client, kills);
    client.close();
    await connection.close();
    tally.add(`  ${kills} kills`, problems, true);
    for (let more = 1; more < kills; more += 1) tally.add('', [], true);
    return tally.row();
  } finally {
    if (child.end() === null) await child.stop();
  }
}

async function sellWhileKilled(
  { folder }: CrashRun,
  child: StoreChild,
  client: StoreClient,
  kills: number,
): Promise<readonly Problem[]> {
  const followed: number[] = [];
  const unfollow = client.subscribe({ addresses: [] }, 0, ({ sequence }) => followed.push(sequence));
  const acknowledged: Acknowledged[] = [];
  const selling = { sales: 0, isOver: false };
  const tills = (['counter/1', 'counter/2'] as const).map((counter) => sellOn(client, counter, acknowledged, selling));
  for (let killed = 0; killed < kills; killed += 1) {
    const soldBefore = selling.sales;
    while (selling.sales < soldBefore + salesMin / 2) await sleep(20);
    await killServer(child);
  }
  const soldBefore = selling.sales;
  while (selling.sales < soldBefore + salesMin) await sleep(20);
  selling.isOver = true;
  await Promise.all(tills);
  const rest = await child.ask<Settled>({ type: 'settle', of: 'everything' });
  const database = openReadOnly(pathsOf(join(folder, 'nats')).store);
  try {
    const head = await followedTo(database, followed);
    unfollow();
    return [
      ...(rest?.left ?? ['the store died']).map((text) => ({ kind: 'wrong', text }) as const),
      ...followProblems(followed, head),
      ...findProblems({ database, acknowledged, traces: readTraces(pathsOf(join(folder, 'nats')).devices) }),
    ];
  } finally {
    database.close();
  }
}

/** Sells until it is over; what got no answer is sent again with the same id. */
async function sellOn(
  client: StoreClient,
  counter: Address,
  acknowledged: Acknowledged[],
  selling: { sales: number; readonly isOver: boolean },
): Promise<void> {
  const newId = createUuids(Date.now, randomBytes);
  const send = async (event: Message): Promise<void> => {
    const id = newId();
    for (;;) {
      const ack = await client.send(counter, { id, operator: manager, event });
      if (ack.ok) return void acknowledged.push({ to: counter, event: event.type, ack });
      if (ack.reason !== 'unreachable' && ack.reason !== 'busy')
        throw new FlowFailed(`${counter} ${event.type}: ${ack.detail}`);
    }
  };
  while (!selling.isOver) {
    await send({ type: 'SCAN', code: '9521020100514' });
    await send({ type: 'SCAN', code: '9521030100665' });
    await send({ type: 'PAY', tender: 'CASH', amountMinor: 2000 });
    selling.sales += 1;
  }
}

const statusOf = (child: StoreChild): Promise<BusStatus | null> => child.ask<BusStatus>({ type: 'bus' });

async function killServer(child: StoreChild): Promise<void> {
  const pid = (await statusOf(child))?.server?.pid;
  if (typeof pid !== 'number') throw new Error('nats-server has no pid');
  process.kill(pid, 'SIGKILL');
  for (let waitedMs = 0; waitedMs < startsMs; waitedMs += 20) {
    const now = (await statusOf(child))?.server?.pid;
    if (typeof now === 'number' && now !== pid) return;
    await sleep(20);
  }
  throw new FlowFailed('nats-server was not started again');
}

interface Serving {
  readonly url: string;
  readonly credentialsPath: string;
}

/** Finding or fetching the program takes its time; where there is no way, the bus says why. */
async function untilServing(child: StoreChild): Promise<Serving | string> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const status = await statusOf(child);
    if (status === null) return `the store died: ${child.end()?.detail}`;
    const { state, url, credentialsPath, detail } = status;
    if (state === 'serving' && url !== null && credentialsPath !== null) return { url, credentialsPath };
    if (state === 'waiting' || waitedMs > startsMs) return detail ?? 'nats-server did not start';
    await sleep(100);
  }
}

async function connectAs({ url, credentialsPath }: Serving): Promise<StoreConnection> {
  const { users } = JSON.parse(readFileSync(credentialsPath, 'utf8')) as {
    readonly users: Readonly<Record<string, string>>;
  };
  const password = users['frontend'] ?? '';
  const connected = await connectStore({ url, user: 'frontend', password });
  if (!connected.ok) throw new FlowFailed(connected.message);
  return connected.connection;
}

/** Waits until the follower has heard of the last turn. */
async function followedTo(database: Sqlite, followed: readonly number[]): Promise<number> {
  const head = database.prepare<[], number>('SELECT max(sequence) FROM journal').pluck();
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 50) {
    if (followed.at(-1) === head.get()) break;
    await sleep(50);
  }
  return head.get() ?? 0;
}

function followProblems(followed: readonly number[], head: number): readonly Problem[] {
  const heard = new Set(followed);
  const missing = Array.from({ length: head }, (_, index) => index + 1).filter((sequence) => !heard.has(sequence));
  const disorder = followed.findIndex((sequence, index) => sequence <= (followed[index - 1] ?? 0));
  return [
    ...(missing.length === 0
      ? []
      : [{ kind: 'lost', text: `the follower missed ${missing.length} turns, first ${missing[0]}` } as const]),
    ...(followed.length === heard.size ? [] : [{ kind: 'doubled', text: 'the follower heard a turn twice' } as const]),
    ...(disorder === -1
      ? []
      : [{ kind: 'wrong', text: `the follower heard ${followed[disorder]} out of order` } as const]),
  ];
}
