import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FetchedProgram, NatsSource } from './nats-source.ts';
import { lastLine, runProgram } from './run-program.ts';

export interface NatsReleasePin {
  readonly version: string;
  /** SHA-256 of the `linux-<arch>.tar.gz`, by Node's name of the processor. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Digests as published by the makers in nats-io/nats-docker, 2.15.x/alpine3.22/Dockerfile of release 2.15.0. They are
 * written here, not fetched beside the archive: who can exchange the one could exchange the other.
 */
const pinnedNatsRelease: NatsReleasePin = {
  version: '2.15.0',
  digests: {
    x64: '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
    arm64: 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
  },
};

export interface NatsReleaseDeps {
  readonly fetch: (url: string, request: { readonly signal: AbortSignal }) => Promise<Response>;
}

export interface NatsReleaseOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly processor: string;
  readonly pin?: NatsReleasePin;
  /** Until the server answers: short, so that a closed network costs little. */
  readonly answerTimeoutMs?: number;
}

const downloadTimeoutMs = 120_000;
const archiveLimitBytes = 64 * 1024 * 1024;
const unpackTimeoutMs = 30_000;

const failed = (detail: string): FetchedProgram => ({ ok: false, detail });

const readLimited = async (response: Response): Promise<Buffer | null> => {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.byteLength;
    if (sizeBytes > archiveLimitBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const download = async (deps: NatsReleaseDeps, url: string, answerTimeoutMs: number): Promise<Buffer | string> => {
  const abort = new AbortController();
  let deadline = setTimeout(() => abort.abort(new Error(`no answer after ${answerTimeoutMs} ms`)), answerTimeoutMs);
  try {
    const response = await deps.fetch(url, { signal: abort.signal });
    clearTimeout(deadline);
    deadline = setTimeout(() => abort.abort(new Error(`not whole after ${downloadTimeoutMs} ms`)), downloadTimeoutMs);
    if (!response.ok) return `the server answered ${response.status}`;
    return (await readLimited(response)) ?? `the archive is larger than ${archiveLimitBytes} bytes`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  } finally {
    clearTimeout(deadline);
  }
};

/** The official release of a pinned version: taken only if its SHA-256 is the one that stands here. */
export const createNatsReleaseSource = (deps: NatsReleaseDeps, options: NatsReleaseOptions): NatsSource => {
  const pin = options.pin ?? pinnedNatsRelease;
  const digest = pin.digests[options.processor];
  const architecture = options.processor === 'x64' ? 'amd64' : options.processor;
  const stem = `nats-server-v${pin.version}-linux-${architecture}`;
  const url = `https://github.com/nats-io/nats-server/releases/download/v${pin.version}/${stem}.tar.gz`;

  const fetchProgram = async (directory: string): Promise<FetchedProgram> => {
    if (options.platform !== 'linux' || digest === undefined)
      return failed(`no release is pinned for ${options.platform} on ${options.processor}`);
    const archive = await download(deps, url, options.answerTimeoutMs ?? 10_000);
    if (typeof archive === 'string') return failed(archive);
    const found = createHash('sha256').update(archive).digest('hex');
    if (found !== digest) return failed(`the archive has SHA-256 ${found}, not the pinned ${digest}: thrown away`);
    const file = join(directory, 'release.tar.gz');
    await writeFile(file, archive);
    const unpacked = await runProgram('tar', ['-xzf', file, '-C', directory, `${stem}/nats-server`], {
      timeoutMs: unpackTimeoutMs,
      environment: options.environment,
    });
    return unpacked.ok
      ? { ok: true, path: join(directory, stem, 'nats-server') }
      : failed(`it cannot be unpacked: ${lastLine(unpacked.stderr)}`);
  };

  return { name: `the official release ${pin.version}`, fetch: fetchProgram };
};
