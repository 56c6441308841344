import { delimiter, isAbsolute, join } from 'node:path';
import { access, constants } from 'node:fs/promises';
import type { NatsCache } from './nats-cache.ts';
import { createNatsCache } from './nats-cache.ts';
import { createNatsDebianSource } from './nats-debian.ts';
import { createNatsReleaseSource } from './nats-release.ts';
import type { NatsSource } from './nats-source.ts';
import type { NatsVersion } from './nats-version.ts';
import {
  compareNatsVersions,
  formatNatsVersion,
  natsVersionWarning,
  parseNatsVersion,
  wantedNatsVersion,
} from './nats-version.ts';
import { lastLine, runProgram } from './run-program.ts';

export interface NatsBinaryOptions {
  /** `NATS_SERVER` and `PATH` are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `$XDG_CACHE_HOME/storefirst` or `~/.cache/storefirst`. */
  readonly cacheDir: string;
  /** Progress for a person: fetching can take a minute. */
  readonly report: (line: string) => void;
  readonly uniqueId: () => string;
  readonly nowMs: () => number;
  /** Where to fetch from, in order: the official release, then the Debian package. */
  readonly sources?: readonly NatsSource[];
  /** Looked at after PATH: Debian puts nats-server where only root's PATH leads. */
  readonly systemDirs?: readonly string[];
}

export type NatsBinary = NatsBinaryFound | NatsBinaryMissing;
export interface NatsBinaryFound {
  readonly ok: true;
  readonly path: string;
  readonly version: string;
  /** Why this version is not for a real store. */
  readonly warning: string | null;
}
export interface NatsBinaryMissing {
  readonly ok: false;
  readonly reason: 'configured-program-bad' | 'none-found';
  /** Says what to do, in one line. */
  readonly message: string;
}

type Checked =
  | { readonly ok: true; readonly path: string; readonly version: NatsVersion }
  | { readonly ok: false; readonly detail: string };
type Program = Extract<Checked, { ok: true }>;

const answerTimeoutMs = 10_000;

const checkProgram = async (options: NatsBinaryOptions, path: string): Promise<Checked> => {
  const run = await runProgram(path, ['--version'], { timeoutMs: answerTimeoutMs, environment: options.environment });
  if (!run.ok) return { ok: false, detail: lastLine(run.stderr) };
  const version = /nats-server/i.test(run.stdout) ? parseNatsVersion(run.stdout) : null;
  if (version === null)
    return { ok: false, detail: `it answers --version with ${JSON.stringify(lastLine(run.stdout))}` };
  return { ok: true, path, version };
};

const found = (program: Program): NatsBinaryFound => ({
  ok: true,
  path: program.path,
  version: formatNatsVersion(program.version),
  warning: natsVersionWarning(program.version),
});

const isWanted = (program: Program): boolean => compareNatsVersions(program.version, wantedNatsVersion) >= 0;

const newest = (programs: readonly Program[]): Program | undefined =>
  programs.toSorted((one, other) => compareNatsVersions(other.version, one.version))[0];

const checkAll = async (options: NatsBinaryOptions, paths: readonly string[]): Promise<Program[]> => {
  const programs: Program[] = [];
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    const checked = isThere ? await checkProgram(options, path) : null;
    if (checked?.ok === true) programs.push(checked);
  }
  return programs;
};

const pathPrograms = (options: NatsBinaryOptions): string[] =>
  [...(options.environment['PATH'] ?? '').split(delimiter), ...(options.systemDirs ?? ['/usr/local/sbin', '/usr/sbin'])]
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, 'nats-server'));

const defaultSources = ({ environment, report }: NatsBinaryOptions): readonly NatsSource[] => [
  createNatsReleaseSource({ fetch }, { environment, platform: process.platform, processor: process.arch }),
  createNatsDebianSource({ environment, report }),
];

const fetchFrom = async (options: NatsBinaryOptions, cache: NatsCache, source: NatsSource): Promise<Checked> => {
  options.report(`nats-server: fetching ${source.name}`);
  const fill = async (directory: string): Promise<Checked> => {
    const fetched = await source.fetch(directory);
    if (!fetched.ok) return fetched;
    const checked = await checkProgram(options, fetched.path);
    if (!checked.ok) return checked;
    const placed = await cache.place(fetched.path, formatNatsVersion(checked.version));
    return { ...checked, path: placed };
  };
  // A cache that cannot be written (read-only home, full disk) is one more way in which fetching fails.
  return cache.inWorkDir(fill).catch((error: Error) => ({ ok: false, detail: error.message }));
};

const missing = (details: readonly string[]): NatsBinaryMissing => ({
  ok: false,
  reason: 'none-found',
  message:
    `No nats-server was found and none could be fetched (${details.join('; ')}). ` +
    `Install nats-server ${formatNatsVersion(wantedNatsVersion)} or newer (the Debian package nats-server, or nats.io), ` +
    `so that it is in PATH, or set NATS_SERVER to the path of the program.`,
});

const checkConfigured = async (options: NatsBinaryOptions, path: string): Promise<NatsBinary> => {
  const checked = await checkProgram(options, path);
  if (checked.ok) return found(checked);
  return {
    ok: false,
    reason: 'configured-program-bad',
    message: `NATS_SERVER is set to ${path}, which is no working nats-server (${checked.detail}). Correct it, or unset it to let one be found.`,
  };
};

/**
 * Finds a nats-server: `NATS_SERVER`, PATH, the cache, or a fetched one. An old one is used only where no newer one can
 * be had, and then with a warning. Never rejects.
 */
export const findNatsServer = async (options: NatsBinaryOptions): Promise<NatsBinary> => {
  const configured = options.environment['NATS_SERVER'] ?? '';
  if (configured !== '') return checkConfigured(options, configured);
  const cache = createNatsCache(options, options.cacheDir);
  const installed = (await checkAll(options, pathPrograms(options)))[0];
  if (installed !== undefined && isWanted(installed)) return found(installed);
  const cached = newest(await checkAll(options, await cache.programs()));
  if (cached !== undefined && isWanted(cached)) return found(cached);

  const old = [installed, cached].filter((program) => program !== undefined);
  const details: string[] = [];
  for (const source of options.sources ?? defaultSources(options)) {
    const fetched = await fetchFrom(options, cache, source);
    if (fetched.ok && isWanted(fetched)) return found(fetched);
    if (fetched.ok) old.push(fetched);
    else details.push(`${source.name}: ${fetched.detail}`);
  }
  const best = newest(old);
  if (best === undefined) return missing(details);
  if (details.length > 0) options.report(`nats-server: no newer one to be had (${details.join('; ')})`);
  return found(best);
};
