import type { NatsLogin } from '../src/bus/nats-user.ts';
import type { ScanWork } from './scans.ts';

/** What the bench tells its frontend process, and hears from it. */
export type FrontendWork =
  | ({ readonly type: 'scans' } & ScanWork)
  | { readonly type: 'echoes'; readonly inFlight: number; readonly forMs: number };
export type FrontendAnswer = { readonly type: 'ready' } | { readonly type: 'times'; readonly times: readonly number[] };

/** A store that only sends back what it is sent: the floor of a round trip. */
export const echoStoreId = 'echo';

/** For a nats-server on loopback that lives as long as the figure. */
export const storeLogin: NatsLogin = { user: 'store', password: 'password-of-the-bench-store' };
export const tillLogin: NatsLogin = { user: 'frontend', password: 'password-of-the-bench-till' };
export const echoLogin: NatsLogin = { user: 'echo', password: 'password-of-the-bench-echo' };
