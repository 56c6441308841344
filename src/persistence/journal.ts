import { parseAddress, type Address } from '../domain/address.ts';
import type { DeviceEffectType } from '../domain/effects.ts';
import { assert, Broken } from '../domain/errors.ts';
import {
  StorageFailure,
  type Commit,
  type Fault,
  type Journal,
  type JournalEntry,
  type StoredAnswer,
  type StoredEffect,
  type StoredTimer,
  type Turn,
} from '../domain/journal.ts';
import type { Message } from '../domain/message.ts';
import type { Ack } from '../domain/ports.ts';
import type { Role } from '../domain/roles.ts';
import type { Sqlite } from './database.ts';
import { chain, firstHash } from './hash.ts';
import { createProjections } from './projections.ts';

/** Version of the shape of each fact's payload. */
const factVersion = 1;

interface Head {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** The one write door. `epoch` is the number of this start; `storeId` names the store in its own rows. */
export function createJournal(
  database: Sqlite,
  options: { readonly storeId: string; readonly epoch: number },
): Journal {
  const run = prepareAll(database);
  const projections = createProjections(database, options.storeId);
  let heads = readHeads();

  function readHeads(): { turn: Head; fact: Head } {
    const nothing = { sequence: 0, hash: firstHash };
    return { turn: run.turnHead.get() ?? nothing, fact: run.factHead.get() ?? nothing };
  }

  function addTurn(turn: Turn, after: Head): Head {
    const sequence = after.sequence + 1;
    const row = [
      sequence,
      turn.address,
      turn.revision,
      turn.messageId,
      JSON.stringify(turn.event),
      turn.from,
      turn.to,
      turn.effects.length === 0 ? '[]' : JSON.stringify(turn.effects),
      turn.by.id,
      turn.by.role,
      turn.at,
    ] as const;
    const hash = chain(after.hash, row);
    run.turn.run(...row, hash);
    return { sequence, hash };
  }

  function addFacts(turn: Turn, turnSequence: number, after: Head): Head {
    return turn.facts.reduce<Head>((head, fact) => {
      const row = [
        head.sequence + 1,
        turnSequence,
        fact.type,
        factVersion,
        JSON.stringify(fact.payload),
        turn.at,
      ] as const;
      const hash = chain(head.hash, row);
      run.fact.run(...row, hash);
      projections.apply(fact);
      return { sequence: row[0], hash };
    }, after);
  }

  function writeActors(commit: Commit): void {
    for (const actor of commit.actors) {
      const inFlight = actor.inFlight ? 1 : 0;
      const { changes } =
        actor.storedRevision === 0
          ? run.newActor.run(
              actor.address,
              actor.kind,
              actor.version,
              actor.revision,
              actor.state,
              inFlight,
              actor.snapshot,
            )
          : run.actor.run(
              actor.version,
              actor.revision,
              actor.state,
              inFlight,
              actor.snapshot,
              actor.address,
              actor.storedRevision,
            );
      // Another revision on disk means that two programs write, or that a cache is stale: never go on.
      assert(changes === 1, `${actor.address} stands at another revision than ${actor.storedRevision} on disk`);
    }
  }

  function writeRest(commit: Commit): void {
    for (const id of commit.effectsEnded) run.effectEnded.run(id);
    for (const effect of commit.effects) {
      run.effect.run(effect.id, effect.address, effect.type, JSON.stringify(effect.params), commit.epoch);
    }
    for (const { address, timerId } of commit.timersEnded) run.timerEnded.run(address, timerId);
    for (const timer of commit.timers) {
      run.timer.run(timer.address, timer.timerId, timer.generation, timer.dueAt, JSON.stringify(timer.event));
    }
    for (const answer of commit.answers) {
      run.answer.run(answer.commandId, answer.digest, JSON.stringify(answer.ack), answer.at);
    }
    for (const id of commit.faultsEnded) run.faultEnded.run(id);
    for (const fault of commit.faults) {
      run.fault.run(
        fault.id,
        fault.address,
        JSON.stringify(fault.event),
        fault.by.id,
        fault.by.role,
        fault.error,
        fault.at,
      );
    }
  }

  const writeAll = database.transaction((commit: Commit): { turn: Head; fact: Head } => {
    let { turn, fact } = heads;
    for (const next of commit.turns) {
      turn = addTurn(next, turn);
      fact = addFacts(next, turn.sequence, fact);
    }
    writeActors(commit);
    writeRest(commit);
    return { turn, fact };
  });

  return {
    commit(commit) {
      const first = heads.turn.sequence + 1;
      try {
        heads = writeAll.immediate(commit);
      } catch (error) {
        throw error instanceof Broken ? error : storageFailure(error);
      }
      return first;
    },
    load: (of) => reading(() => run.load.get(of) ?? null),
    answered: (commandId) => {
      const row = reading(() => run.answered.get(commandId));
      return row === undefined ? null : { ...row, ack: JSON.parse(row.ack) as Ack };
    },
    unfinished: () => ({
      epoch: options.epoch,
      inFlight: run.inFlight.all().map(toAddress),
      effects: run.effects.all().map(toEffect),
      timers: run.timers.all().map(toTimer),
      faults: run.faults.all().map(toFault),
    }),
    turnsAfter: (sequence, limit) => run.turnsAfter.all(sequence, limit),
    head: () => heads.turn.sequence,
    lastReceipt: (counterId) => run.lastReceipt.get(counterId) ?? 0,
    forgetAnswers: (before, limit) => reading(() => run.forgetAnswers.run(before, limit).changes),
  };
}

/** A new start of the program on this database. */
export function nextEpoch(database: Sqlite, at: number): number {
  const { lastInsertRowid } = database.prepare('INSERT INTO boot (at) VALUES (?)').run(at);
  return Number(lastInsertRowid);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storageFailure(error);
  }
}

/** SQLite's errors of a full, failing or busy disk pass; a broken constraint is a broken invariant. */
function storageFailure(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return code.startsWith('SQLITE_CONSTRAINT') ? new Broken(message) : new StorageFailure(`${code} ${message}`);
}

interface AnswerRow extends Omit<StoredAnswer, 'ack'> {
  readonly ack: string;
}
interface EffectRow {
  readonly id: string;
  readonly address: string;
  readonly type: string;
  readonly params: string;
}
interface TimerRow {
  readonly address: string;
  readonly timerId: string;
  readonly generation: number;
  readonly dueAt: number;
  readonly event: string;
}
interface FaultRow {
  readonly id: string;
  readonly address: string;
  readonly event: string;
  readonly operator: string;
  readonly role: string;
  readonly error: string;
  readonly at: number;
}

const toAddress = (text: string): Address => {
  const known = parseAddress(text);
  assert(known !== null, `${text} is an address`);
  return known;
};
const toEffect = (row: EffectRow): StoredEffect => ({
  id: row.id,
  address: toAddress(row.address),
  type: row.type as DeviceEffectType,
  params: JSON.parse(row.params),
});
const toTimer = (row: TimerRow): StoredTimer => ({
  ...row,
  address: toAddress(row.address),
  event: JSON.parse(row.event) as Message,
});
const toFault = (row: FaultRow): Fault => ({
  id: row.id,
  address: toAddress(row.address),
  event: JSON.parse(row.event) as Message,
  by: { id: row.operator, role: row.role as Role },
  error: row.error,
  at: row.at,
});

const prepareAll = (database: Sqlite) => ({
  turnHead: database.prepare<[], Head>('SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1'),
  factHead: database.prepare<[], Head>('SELECT sequence, hash FROM fact ORDER BY sequence DESC LIMIT 1'),
  turn: database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  fact: database.prepare('INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)'),
  newActor: database.prepare('INSERT INTO actor VALUES (?, ?, ?, ?, ?, ?, ?)'),
  actor: database.prepare(
    'UPDATE actor SET version = ?, revision = ?, state = ?, in_flight = ?, snapshot = ? WHERE address = ? AND revision = ?',
  ),
  effect: database.prepare('INSERT INTO outbox VALUES (?, ?, ?, ?, ?)'),
  effectEnded: database.prepare('DELETE FROM outbox WHERE id = ?'),
  timer: database.prepare('INSERT OR REPLACE INTO timer VALUES (?, ?, ?, ?, ?)'),
  timerEnded: database.prepare('DELETE FROM timer WHERE address = ? AND timer_id = ?'),
  answer: database.prepare('INSERT INTO inbox VALUES (?, ?, ?, ?)'),
  fault: database.prepare(
    'INSERT INTO fault VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET error = excluded.error',
  ),
  faultEnded: database.prepare('DELETE FROM fault WHERE id = ?'),
  load: database.prepare<[string], { version: number; revision: number; snapshot: string }>(
    'SELECT version, revision, snapshot FROM actor WHERE address = ?',
  ),
  answered: database.prepare<[string], AnswerRow>(
    'SELECT command_id AS commandId, digest, ack, at FROM inbox WHERE command_id = ?',
  ),
  inFlight: database.prepare<[], string>('SELECT address FROM actor WHERE in_flight = 1 ORDER BY address').pluck(),
  effects: database.prepare<[], EffectRow>('SELECT id, address, type, params FROM outbox ORDER BY id'),
  timers: database.prepare<[], TimerRow>(
    'SELECT address, timer_id AS timerId, generation, due_at AS dueAt, event FROM timer ORDER BY due_at',
  ),
  faults: database.prepare<[], FaultRow>('SELECT * FROM fault ORDER BY rowid'),
  turnsAfter: database.prepare<[number, number], JournalEntry>(
    `SELECT sequence, address, revision, message_id AS messageId, json_extract(event, '$.type') AS event, to_state AS "to", at
       FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  ),
  lastReceipt: database
    .prepare<[string], number>('SELECT number FROM receipt WHERE terminal_id = ? ORDER BY number DESC LIMIT 1')
    .pluck(),
  forgetAnswers: database.prepare(
    'DELETE FROM inbox WHERE command_id IN (SELECT command_id FROM inbox WHERE at < ? ORDER BY at LIMIT ?)',
  ),
});
