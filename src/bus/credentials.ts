import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../domain/errors.ts';
import type { NatsLogin } from './nats-user.ts';
import { writePrivateFile } from './private-file.ts';
import { isSubjectToken } from './subjects.ts';

export interface CredentialsDeps {
  /** Cryptographically strong: `node:crypto` randomBytes. */
  readonly randomBytes: (sizeBytes: number) => Uint8Array;
}

export interface CredentialsOptions {
  readonly dataDir: string;
  /** Users that must have credentials; those that the file has already keep theirs. */
  readonly users: readonly string[];
}

export type Credentials =
  | { readonly ok: true; readonly path: string; readonly logins: ReadonlyMap<string, NatsLogin> }
  | { readonly ok: false; readonly reason: 'unreadable' | 'malformed'; readonly message: string };

const passwordBytes = 24;
const userLimit = 1000;

export const credentialsPath = (dataDir: string): string => join(dataDir, 'nats', 'credentials.json');

const readLogins = (text: string): Map<string, NatsLogin> | null => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null || !('users' in content)) return null;
  const { users } = content;
  if (typeof users !== 'object' || users === null) return null;
  const logins = new Map<string, NatsLogin>();
  for (const [user, password] of Object.entries(users)) {
    if (!isSubjectToken(user) || typeof password !== 'string' || !/^[A-Za-z0-9_$./-]{16,128}$/.test(password))
      return null;
    logins.set(user, { user, password });
  }
  return logins.size <= userLimit ? logins : null;
};

const writeLogins = (path: string, logins: ReadonlyMap<string, NatsLogin>): Promise<void> => {
  const users = Object.fromEntries([...logins.values()].map(({ user, password }) => [user, password]));
  return writePrivateFile(path, `${JSON.stringify({ version: 1, users }, null, 2)}\n`);
};

const readExisting = (path: string): Promise<string | null | Error> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : error));

/**
 * Reads `<dataDir>/nats/credentials.json` and makes it, or what it lacks. A damaged file is not made anew: that would
 * lock out every frontend that was given its password, without a word.
 */
export const loadCredentials = async (deps: CredentialsDeps, options: CredentialsOptions): Promise<Credentials> => {
  const path = credentialsPath(options.dataDir);
  assert(options.users.every(isSubjectToken) && options.users.length <= userLimit, 'users are subject tokens');
  await mkdir(join(options.dataDir, 'nats'), { recursive: true, mode: 0o700 });
  const text = await readExisting(path);
  if (text instanceof Error) return { ok: false, reason: 'unreadable', message: `${path}: ${text.message}` };
  const logins = text === null ? new Map<string, NatsLogin>() : readLogins(text);
  if (logins === null) {
    const message = `${path} is damaged. Put it back from a backup, or delete it: then every frontend needs its new password.`;
    return { ok: false, reason: 'malformed', message };
  }
  const lacking = options.users.filter((user) => !logins.has(user));
  for (const user of lacking)
    logins.set(user, { user, password: Buffer.from(deps.randomBytes(passwordBytes)).toString('base64url') });
  if (lacking.length > 0) await writeLogins(path, logins);
  // Somebody may have copied or edited it with a wider mode.
  await chmod(path, 0o600);
  return { ok: true, path, logins };
};
