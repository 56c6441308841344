import { Session, type Profiler } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';
import { statementClass, type Call, type Statement } from './recording.ts';

/** Seconds that the main thread spent in each group and in each function, waiting for the disk included. */
export interface Profile {
  readonly groups: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
}

/** Runs the work under V8's sampling profiler. What native code does is given names of its own. */
export async function profile(work: () => Promise<void>): Promise<Profile> {
  const unname = nameNativeCalls();
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
    await work();
    const { profile: samples } = await session.post('Profiler.stop');
    return sumUp(samples);
  } finally {
    session.disconnect();
    unname();
  }
}

type Frame = Profiler.ProfileNode['callFrame'];

function sumUp({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const frames = framesOf(nodes);
  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    // The profiler's own start and end.
    if (frame === undefined || frame.url === 'node:inspector') continue;
    const seconds = (timeDeltas[index] ?? 0) / 1e6;
    const group = groupOf(frame);
    const name = `${frame.functionName === '' ? '(anonymous)' : frame.functionName} ${placeOf(frame.url)}`.trim();
    groups.set(group, (groups.get(group) ?? 0) + seconds);
    functions.set(name, (functions.get(name) ?? 0) + seconds);
  }
  return { groups, functions };
}

/** A native function has no place of its own: its time is that of the JavaScript function which called it. */
function framesOf(nodes: readonly Profiler.ProfileNode[]): ReadonlyMap<number, Frame> {
  const frames = new Map<number, Frame>();
  const own = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  // Parents stand before their children.
  for (const { id, callFrame, children = [] } of nodes) {
    const frame = frames.get(id) ?? callFrame;
    frames.set(id, frame);
    for (const child of children) {
      const callee = own.get(child);
      if (callee !== undefined) frames.set(child, isNative(callee) ? frame : callee);
    }
  }
  return frames;
}

const isNative = ({ url, functionName }: Frame): boolean => url === '' && !functionName.startsWith('(');

/** First match holds. */
const groupRules: readonly (readonly [group: string, pattern: RegExp])[] = [
  ['SQLite: commit, WAL write, fsync', /^sqliteCommit /],
  ['SQLite: statements that write', /^sqliteWrite /],
  ['SQLite: statements that read', /^sqliteRead /],
  ['JSON', /^json(Stringify|Parse) /],
  ['hash chain (SHA-256)', /internal\/crypto|persistence\/hash\.ts/],
  ['machines: xstate', /node_modules\/xstate/],
  ['machines: ours', /src\/machines\//],
  ['domain: pricing, tax, receipt …', /src\/domain\//],
  ['runtime', /src\/actors\//],
  ['journal and projections', /src\/persistence\/|better-sqlite3/],
  ['ids', /src\/uuid\.ts/],
  ['the bench itself', /bench\//],
  ['garbage collection', /^\(garbage collector\)/],
  ['idle', /^\(idle\)/],
  ['Node: timers, promises', /node:/],
];

const groupOf = ({ functionName, url }: Frame): string =>
  groupRules.find(([, pattern]) => pattern.test(`${functionName} ${url}`))?.[0] ?? 'other';

const root = join(import.meta.dirname, '..');
const placeOf = (url: string): string =>
  url.startsWith('file:') ? relative(root, fileURLToPath(url)).replace(/^node_modules\//, '') : url;

/** SQLite and JSON are native: their time would be told as that of whoever calls them. */
function nameNativeCalls(): () => void {
  const statements = statementClass();
  const { run, get, all } = statements;
  const { stringify, parse } = JSON;
  statements.run = function dispatch(...parameters) {
    return this.source === 'COMMIT' ? sqliteCommit(run, this, parameters) : sqliteWrite(run, this, parameters);
  };
  statements.get = function dispatch(...parameters) {
    return sqliteRead(get, this, parameters);
  };
  statements.all = function dispatch(...parameters) {
    return sqliteRead(all, this, parameters);
  };
  const named = {
    stringify: function jsonStringify(...parameters: Parameters<typeof stringify>): string {
      return Reflect.apply(stringify, JSON, parameters);
    },
    parse: function jsonParse(...parameters: Parameters<typeof parse>): unknown {
      return Reflect.apply(parse, JSON, parameters);
    },
  };
  Object.assign(JSON, named);
  return () => {
    Object.assign(statements, { run, get, all });
    Object.assign(JSON, { stringify, parse });
  };
}

// Named functions, each calling straight into native code: the profiler gives them its time.
const sqliteCommit = (native: Call, statement: Statement, parameters: readonly unknown[]): unknown =>
  Reflect.apply(native, statement, parameters);
const sqliteWrite = (native: Call, statement: Statement, parameters: readonly unknown[]): unknown =>
  Reflect.apply(native, statement, parameters);
const sqliteRead = (native: Call, statement: Statement, parameters: readonly unknown[]): unknown =>
  Reflect.apply(native, statement, parameters);
