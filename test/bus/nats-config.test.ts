import { expect, test } from 'vitest';
import { formatNatsConfig } from '../../src/bus/nats-config.ts';

const config = { serverName: 'store-1', host: '127.0.0.1', port: 4222 };
const user = { user: 'till', password: 'secret', publish: ['store.s1.cmd.>'], subscribe: [] };

test('a server without users would let everybody in: it is never written', () => {
  expect(() => formatNatsConfig({ ...config, users: [] })).toThrow('at least one user');
});

test('a user that may hear nothing is denied everything, since an empty list would allow everything', () => {
  const text = formatNatsConfig({ ...config, users: [user] });
  expect(text).toContain('publish: { allow: [ "store.s1.cmd.>" ] }');
  expect(text).toContain('subscribe: { deny: [ ">" ] }');
});

test.each(['a"b', 'a b', 'a\\b', 'a\nb', ''])(
  'a value that could break out of its quotes stops the start: %j',
  (bad) => {
    expect(() => formatNatsConfig({ ...config, users: [{ ...user, password: bad }] })).toThrow('no blanks');
    expect(() => formatNatsConfig({ ...config, serverName: bad, users: [user] })).toThrow('no blanks');
  },
);
