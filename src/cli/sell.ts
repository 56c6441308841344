import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { createUuids } from '../uuid.ts';
import { readArguments, readEnvironment, wrong } from './arguments.ts';
import { openConsole } from './sell/console.ts';
import { createNotices, type Notices } from './sell/notices.ts';
import { createFollowing } from './sell/following.ts';
import { createTillRecords } from './sell/records.ts';
import { createSender } from './sell/sender.ts';
import { serve } from './sell/session.ts';
import { openDoor, type StoreDoor } from './sell/store-door.ts';
import { createTill } from './sell/till.ts';

/** What may be claimed at a till: nobody becomes the program, a device or support there. */
const tillRoles = ['cashier', 'supervisor', 'manager'] as const;
type TillRole = (typeof tillRoles)[number];

interface Place {
  readonly counterId: string;
  readonly operatorId: string;
  readonly role: TillRole;
}

/** A keyboard till in this terminal; from a file or pipe it takes the same lines. 0: left, 1: no store, 2: called wrongly. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('sell', {
    args,
    options: {
      counter: { type: 'string' },
      operator: { type: 'string', default: 'anna' },
      role: { type: 'string', default: 'supervisor' },
    },
  });
  const config = read === null ? null : readEnvironment('sell');
  if (read === null || config === null) return 2;
  const place = readPlace(read.values, config);
  if (place === null) return 2;
  const notices = createNotices(process.stdin.isTTY && process.stdout.isTTY);
  const door = await openDoor(config, (line) => notices.tell(line));
  if ('reason' in door) {
    console.error(`storefirst sell: ${door.detail}`);
    return 1;
  }
  if (door.ownsStore)
    console.log(`No store ran on ${config.dataDir}: this till runs it itself, until you leave with q.`);
  try {
    await sell(door, config, { ...place, notices });
    return 0;
  } finally {
    await door.close();
  }
};

const readPlace = (
  values: { readonly counter?: string | undefined; readonly operator: string; readonly role: string },
  { settings }: Config,
): Place | null => {
  const counterIds = Object.keys(settings.counters);
  const counterId = values.counter ?? counterIds[0] ?? '';
  const role = tillRoles.find((known) => known === values.role);
  if (!counterIds.includes(counterId))
    return wrong('sell', `there is no counter ${counterId}, only ${counterIds.join(', ')}`);
  if (role === undefined) return wrong('sell', `a role is ${tillRoles.join(', ')}, not ${values.role}`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(values.operator)) return wrong('sell', 'an operator is letters, digits, - and _');
  return { counterId, operatorId: values.operator, role };
};

const sell = async (
  { store, database }: StoreDoor,
  { settings }: Config,
  place: Place & { readonly notices: Notices },
): Promise<void> => {
  const { counterId, operatorId, role, notices } = place;
  const operator = { id: operatorId, role };
  const records = createTillRecords(database);
  const following = await createFollowing(store, { counterId, fromSequence: records.head() });
  const screen = openConsole(process.stdin, process.stdout);
  const sender = createSender({ store, operator, newId: createUuids(Date.now, randomBytes) });
  const { currency, header } = settings;
  const till = createTill({
    counterId,
    operator,
    currency,
    storeName: header.store.name,
    following,
    records,
    sender,
    console: screen,
    notices,
  });
  try {
    await serve(till);
  } finally {
    following.end();
    screen.close();
  }
  console.log(`\nCounter ${counterId} is ${till.status()}.`);
};
