import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assert } from '../domain/errors.ts';
import type { BoundedLog } from './bounded-log.ts';
import { createBoundedLog } from './bounded-log.ts';
import { findFreePort } from './free-port.ts';
import { formatNatsConfig } from './nats-config.ts';
import type { NatsSupervisor, NatsSupervisorDeps, NatsSupervisorState } from './nats-supervisor.ts';
import { createNatsSupervisor } from './nats-supervisor.ts';
import type { NatsUser } from './nats-user.ts';
import { stopOrphan } from './orphan.ts';
import { writePrivateFile } from './private-file.ts';

export type NatsServerDeps = NatsSupervisorDeps;

export interface NatsServerOptions {
  readonly binaryPath: string;
  /** Everything is kept in `<dataDir>/nats`. The caller holds the lock of the data directory. */
  readonly dataDir: string;
  readonly serverName: string;
  readonly users: readonly NatsUser[];
  /** 127.0.0.1 where nothing else is said. */
  readonly host?: string;
  /** 4222 where nothing else is said; 0 or -1 for one that is free, kept over restarts. */
  readonly port?: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs?: number;
}

export type NatsServerStart =
  | { readonly ok: true; readonly url: string; readonly port: number }
  | { readonly ok: false; readonly reason: 'port-in-use' | 'did-not-start' | 'orphan-stuck'; readonly message: string };

export interface NatsServerStatus {
  readonly state: NatsSupervisorState;
  readonly pid: number | null;
  readonly port: number | null;
  /** Starts after the first one. */
  readonly restarts: number;
}

/** The store's nats-server as a supervised child. */
export interface NatsServer {
  /** Resolves when clients can connect. After a failure nothing runs; after a success it is kept running until `stop`. */
  start(): Promise<NatsServerStart>;
  /** SIGTERM, then SIGKILL; resolves when the child has ended. */
  stop(): Promise<void>;
  status(): NatsServerStatus;
}

const defaultPort = 4222;
const defaultStopTimeoutMs = 5000;
const logLimitBytes = 1024 * 1024;
const freePortTries = 5;

interface Files {
  readonly config: string;
  readonly pid: string;
  readonly log: string;
}

const makeFiles = (dataDir: string): Files => {
  const directory = join(resolve(dataDir), 'nats');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    config: join(directory, 'nats-server.conf'),
    pid: join(directory, 'nats-server.pid'),
    log: join(directory, 'nats-server.log'),
  };
};

const startFailure = (log: BoundedLog, port: number): NatsServerStart => {
  const last = log.recent().at(-1) ?? 'no output';
  if (/address already in use/i.test(log.recent().join('\n')))
    return {
      ok: false,
      reason: 'port-in-use',
      message: `Port ${port} is taken by another program: choose another one.`,
    };
  return { ok: false, reason: 'did-not-start', message: `nats-server did not start: ${last}` };
};

export const createNatsServer = (deps: NatsServerDeps, options: NatsServerOptions): NatsServer => {
  const host = options.host ?? '127.0.0.1';
  const wantedPort = options.port ?? defaultPort;
  const stopTimeoutMs = options.stopTimeoutMs ?? defaultStopTimeoutMs;
  let supervisor: NatsSupervisor | null = null;
  let port: number | null = null;

  const startOn = async (files: Files, triedPort: number): Promise<NatsServerStart> => {
    const { serverName, users } = options;
    await writePrivateFile(files.config, formatNatsConfig({ serverName, host, port: triedPort, users }));
    const onFailure = (error: Error): void => deps.report(`nats-server's log cannot be written: ${error.message}`);
    const log = createBoundedLog({ path: files.log, limitBytes: logLimitBytes, onFailure });
    const { binaryPath } = options;
    const candidate = createNatsSupervisor(deps, {
      binaryPath,
      configPath: files.config,
      pidFile: files.pid,
      log,
      stopTimeoutMs,
    });
    if (!(await candidate.start())) return startFailure(log, triedPort);
    supervisor = candidate;
    port = triedPort;
    return { ok: true, port: triedPort, url: `nats://${host.includes(':') ? `[${host}]` : host}:${triedPort}` };
  };

  const startOnFreePort = async (files: Files): Promise<NatsServerStart> => {
    let start = await startOn(files, await findFreePort(host));
    for (let tries = 1; tries < freePortTries && !start.ok && start.reason === 'port-in-use'; tries += 1)
      start = await startOn(files, await findFreePort(host));
    return start;
  };

  return {
    start: async () => {
      assert(supervisor === null, 'a nats-server is started once');
      const files = makeFiles(options.dataDir);
      const orphan = await stopOrphan({ pidFile: files.pid, configPath: files.config, stopTimeoutMs });
      if (orphan === 'stuck')
        return {
          ok: false,
          reason: 'orphan-stuck',
          message: `The nats-server of an earlier run does not end (${files.pid}).`,
        };
      if (orphan !== 'none') deps.report(`nats-server of an earlier run was ${orphan}`);
      return wantedPort <= 0 ? startOnFreePort(files) : startOn(files, wantedPort);
    },
    stop: async () => {
      await supervisor?.stop();
      supervisor = null;
    },
    status: () => ({
      state: supervisor?.state() ?? 'stopped',
      pid: supervisor?.pid() ?? null,
      port,
      restarts: supervisor?.restarts() ?? 0,
    }),
  };
};
