import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AptSource } from './apt-sources.ts';
import { formatDeb822Source, parseDeb822Sources, parseSourcesList } from './apt-sources.ts';
import type { FetchedProgram, NatsSource } from './nats-source.ts';
import { compareNatsVersions, parseNatsVersion, wantedNatsVersion } from './nats-version.ts';
import type { ProgramRun } from './run-program.ts';
import { lastLine, runProgram } from './run-program.ts';

export interface NatsDebianOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly report: (line: string) => void;
  /** Where the machine's own apt is configured: `/etc/apt`. */
  readonly aptDir?: string;
  /** `/etc/os-release`. */
  readonly osReleasePath?: string;
}

/** Newest first. A suite that a mirror does not have costs one request. */
const debianSuites = ['sid', 'forky', 'trixie'] as const;
const suiteAliases = ['oldstable', 'stable', 'testing', 'unstable', 'sid'];
const updateTimeoutMs = 120_000;
const downloadTimeoutMs = 120_000;
const unpackTimeoutMs = 30_000;

interface Attempt {
  readonly source: AptSource;
  readonly suite: string;
  readonly components: readonly string[];
}

const readOr = (path: string, otherwise: string): Promise<string> => readFile(path, 'utf8').catch(() => otherwise);

/** The sources of a machine, in both formats that apt knows. */
const readAptSources = async (aptDir: string): Promise<readonly AptSource[]> => {
  const partsDir = join(aptDir, 'sources.list.d');
  const names = (await readdir(partsDir).catch(() => [])).toSorted((one, other) => (one < other ? -1 : 1));
  const sources: AptSource[] = [...parseSourcesList(await readOr(join(aptDir, 'sources.list'), ''))];
  for (const name of names) {
    if (name.endsWith('.list')) sources.push(...parseSourcesList(await readOr(join(partsDir, name), '')));
    if (name.endsWith('.sources')) sources.push(...parseDeb822Sources(await readOr(join(partsDir, name), '')));
  }
  return sources;
};

const field = (osRelease: string, name: string): string =>
  new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';

/** Which suite of which source to ask, in order: the newest Debian suites of the machine's own mirror, then its own suite. */
export const planAttempts = (sources: readonly AptSource[], osRelease: string): readonly Attempt[] => {
  const codename = field(osRelease, 'VERSION_CODENAME');
  const isDebian = field(osRelease, 'ID') === 'debian';
  return sources.flatMap((source) => {
    // The exact suite keeps out security, updates and other people's archives: they have no other suites.
    const own = source.suites.find((suite) => suite === codename || suiteAliases.includes(suite));
    if (own === undefined || !source.components.includes('main')) return [];
    const newer = isDebian ? debianSuites.map((suite) => ({ source, suite, components: ['main'] })) : [];
    return [...newer.filter((attempt) => attempt.suite !== own), { source, suite: own, components: source.components }];
  });
};

/** An apt root of our own: nothing of the machine's lists, cache, pins or hooks is read or changed. */
const aptConfig = (root: string): string =>
  [
    '#clear APT::Update;',
    'APT::Default-Release "";',
    `Dir::Etc::sourcelist "${root}/suite.sources";`,
    `Dir::Etc::sourceparts "${root}/parts";`,
    'Dir::Etc::preferences "/dev/null";',
    `Dir::Etc::preferencesparts "${root}/preferences.d";`,
    `Dir::State::lists "${root}/lists";`,
    `Dir::Cache "${root}/cache";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "1";',
    'Acquire::http::Timeout "10";',
    'Acquire::https::Timeout "10";',
    '',
  ].join('\n');

const makeRoot = async (root: string, attempt: Attempt): Promise<void> => {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'preferences.d', 'parts'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'apt.conf'), aptConfig(root));
  await writeFile(join(root, 'suite.sources'), formatDeb822Source(attempt.source, attempt.suite, attempt.components));
};

const isUnreachable = (output: string): boolean =>
  /Could not (resolve|connect)|Temporary failure|timed out|unreachable|ENOENT/.test(output);

type AttemptOutcome =
  | { readonly ok: true; readonly path: string; readonly version: string }
  | { readonly ok: false; readonly detail: string; readonly unreachable: boolean };

/** apt names the cause first and ends with a remark that fits everything. */
const cause = (stderr: string): string =>
  /^[WE]: (Failed to fetch .*|.*Could not .*)$/m.exec(stderr)?.[1] ?? lastLine(stderr);

const missed = (run: ProgramRun, what: string): AttemptOutcome => ({
  ok: false,
  detail: `${what}: ${cause(run.stderr)}`,
  unreachable: isUnreachable(run.stderr),
});

const attemptSuite = async (options: NatsDebianOptions, root: string, attempt: Attempt): Promise<AttemptOutcome> => {
  await makeRoot(root, attempt);
  const run = (program: string, args: readonly string[], timeoutMs: number): Promise<ProgramRun> =>
    runProgram(program, args, { timeoutMs, directory: root, environment: options.environment });
  const config = `-c=${join(root, 'apt.conf')}`;
  const update = await run('apt-get', [config, 'update'], updateTimeoutMs);
  const listed = await run('apt-cache', [config, 'madison', 'nats-server'], unpackTimeoutMs);
  // nats-server |   2.15.1-1 | <mirror> sid/main amd64 Packages
  const version = listed.stdout.split('\n')[0]?.split('|')[1]?.trim() ?? '';
  if (version === '') return missed(update.stderr === '' ? listed : update, 'no package nats-server');
  options.report(`nats-server: fetching the Debian package ${version} of ${attempt.suite}`);
  const fetched = await run('apt-get', [config, 'download', `nats-server=${version}`], downloadTimeoutMs);
  const file = (await readdir(root)).find((name) => name.endsWith('.deb'));
  if (!fetched.ok || file === undefined) return missed(fetched, 'the package cannot be downloaded');
  const unpacked = await run('dpkg', ['-x', file, join(root, 'unpacked')], unpackTimeoutMs);
  if (!unpacked.ok) return missed(unpacked, 'the package cannot be unpacked');
  const path = join(root, 'unpacked', 'usr', 'sbin', 'nats-server');
  // A package of a newer suite may need a newer libc than this machine has.
  const tried = await run(path, ['--version'], unpackTimeoutMs);
  return tried.ok ? { ok: true, path, version } : missed(tried, 'the program does not run here');
};

const isWanted = (text: string): boolean => {
  const version = parseNatsVersion(text);
  return version !== null && compareNatsVersions(version, wantedNatsVersion) >= 0;
};

/** The newest Debian package that the machine's own mirror and keys can give, unpacked without root and without installing. */
export const createNatsDebianSource = (options: NatsDebianOptions): NatsSource => {
  const fetchProgram = async (directory: string): Promise<FetchedProgram> => {
    const sources = await readAptSources(options.aptDir ?? '/etc/apt');
    const attempts = planAttempts(sources, await readOr(options.osReleasePath ?? '/etc/os-release', ''));
    const dead = new Set<AptSource>();
    const details: string[] = [];
    let older: string | null = null;
    for (const [index, attempt] of attempts.entries()) {
      if (dead.has(attempt.source)) continue;
      const outcome = await attemptSuite(options, join(directory, `apt-${index}`), attempt);
      if (outcome.ok && isWanted(outcome.version)) return { ok: true, path: outcome.path };
      // Suites come newest first: the first one that runs is the newest of the old ones.
      if (outcome.ok) older ??= outcome.path;
      else {
        details.push(`${attempt.suite}: ${outcome.detail}`);
        if (outcome.unreachable) dead.add(attempt.source);
      }
    }
    if (older !== null) return { ok: true, path: older };
    return { ok: false, detail: details.join('; ') || 'apt on this machine has no Debian archive configured' };
  };
  return { name: 'the newest Debian package', fetch: fetchProgram };
};
