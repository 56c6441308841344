import { expect, test } from 'vitest';
import { formatDeb822Source, parseDeb822Sources, parseSourcesList } from '../../src/bus/apt-sources.ts';
import { planAttempts } from '../../src/bus/nats-debian.ts';

const bookworm = 'ID=debian\nVERSION_CODENAME=bookworm\n';

test('the one-line format is read with settings, remarks and commented lines', () => {
  const text = [
    '# deb http://old.example/debian stretch main',
    'deb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.example/debian bookworm main contrib # ours',
    'deb-src http://mirror.example/debian bookworm main',
    'deb cdrom:[Debian 12]/ bookworm main',
    '  deb http://mirror.example/security bookworm-security main',
  ].join('\n');
  expect(parseSourcesList(text)).toEqual([
    {
      uris: ['http://mirror.example/debian'],
      suites: ['bookworm'],
      components: ['main', 'contrib'],
      signedBy: '/keys/a.gpg',
    },
    { uris: ['http://mirror.example/security'], suites: ['bookworm-security'], components: ['main'], signedBy: null },
  ]);
});

test('deb822 is read with remarks inside a paragraph, several values, and disabled paragraphs left out', () => {
  const text = [
    'Types: deb',
    '# a remark in the middle',
    'URIs: http://mirror.example/debian',
    'Suites: bookworm',
    '  bookworm-updates',
    'components: main',
    'Signed-By: /keys/a.gpg',
    '',
    'Types: deb',
    'Enabled: no',
    'URIs: http://off.example/debian',
    'Suites: bookworm',
    'Components: main',
    '',
    'Types: deb-src',
    'URIs: http://source.example/debian',
    'Suites: bookworm',
    'Components: main',
  ].join('\n');
  expect(parseDeb822Sources(text)).toEqual([
    {
      uris: ['http://mirror.example/debian'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main'],
      signedBy: '/keys/a.gpg',
    },
  ]);
});

test('a key that stands in the paragraph itself survives being written again', () => {
  const key = [
    'Signed-By:',
    ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
    ' .',
    ' mQINBF',
    ' -----END PGP PUBLIC KEY BLOCK-----',
  ];
  const text = ['Types: deb', 'URIs: http://m.example/debian', 'Suites: bookworm', 'Components: main', ...key].join(
    '\n',
  );
  const [source] = parseDeb822Sources(text);
  if (source === undefined) throw new Error('the paragraph was not read');
  const again = parseDeb822Sources(formatDeb822Source(source, 'sid', ['main']));
  expect(again).toEqual([{ ...source, suites: ['sid'] }]);
});

test('the newest suites of the Debian mirror are asked first, other archives never', () => {
  const sources = parseSourcesList(
    [
      'deb http://mirror.example/debian bookworm main contrib',
      'deb http://mirror.example/debian-security bookworm-security main',
      'deb http://other.example/node nodistro main',
    ].join('\n'),
  );
  const plan = planAttempts(sources, bookworm).map(({ source, suite, components }) => [
    source.uris[0],
    suite,
    components,
  ]);
  expect(plan).toEqual([
    ['http://mirror.example/debian', 'sid', ['main']],
    ['http://mirror.example/debian', 'forky', ['main']],
    ['http://mirror.example/debian', 'trixie', ['main']],
    ['http://mirror.example/debian', 'bookworm', ['main', 'contrib']],
  ]);
});

test('a machine that is no Debian is asked for its own suite only', () => {
  const sources = parseSourcesList('deb http://mirror.example/ubuntu noble main universe');
  const plan = planAttempts(sources, 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n');
  expect(plan.map(({ suite, components }) => [suite, components])).toEqual([['noble', ['main', 'universe']]]);
});
