import { assert } from '../domain/errors.ts';
import type { NatsUser } from './nats-user.ts';

export interface NatsConfig {
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
  readonly users: readonly NatsUser[];
}

/** What may stand between quotes in a nats-server file without an escape. */
const quotable = /^[\w.\-*>$/@:[\]]+$/;

const quoted = (text: string): string => {
  assert(quotable.test(text), 'a value of the nats-server configuration has no blanks, quotes or escapes');
  return `"${text}"`;
};

/** An empty `allow` list would allow everything, so nothing is said as a denial of everything. */
const permission = (subjects: readonly string[]): string =>
  subjects.length === 0 ? '{ deny: [ ">" ] }' : `{ allow: [ ${subjects.map(quoted).join(', ')} ] }`;

const userLines = ({ user, password, publish, subscribe }: NatsUser): readonly string[] => [
  `      { user: ${quoted(user)}, password: ${quoted(password)}, permissions: {`,
  `        publish: ${permission(publish)}`,
  `        subscribe: ${permission(subscribe)}`,
  '      } }',
];

/** The configuration file of a store's nats-server: named users only, no JetStream, no monitoring port. */
export const formatNatsConfig = (config: NatsConfig): string => {
  // Without any user nats-server lets everybody in.
  assert(config.users.length > 0, 'a nats-server needs at least one user');
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return [
    '# Written by the store at each start: changes are lost.',
    `server_name: ${quoted(config.serverName)}`,
    `listen: ${quoted(`${host}:${config.port}`)}`,
    'max_payload: 1MB',
    'max_pending: 16MB',
    'max_connections: 1024',
    'max_subscriptions: 4096',
    'ping_interval: "20s"',
    'ping_max: 3',
    'write_deadline: "10s"',
    'accounts {',
    '  STORE {',
    '    users: [',
    ...config.users.flatMap(userLines),
    '    ]',
    '  }',
    '}',
    '',
  ].join('\n');
};
