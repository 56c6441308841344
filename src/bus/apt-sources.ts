/** One package source of a machine, as apt reads it from `sources.list` (one line) or a `.sources` file (deb822). */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Keyring path, fingerprint or a whole key, exactly as written; `null` where apt's own trusted keys apply. */
  readonly signedBy: string | null;
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const parseOneLine = (line: string): AptSource[] => {
  // deb [signed-by=/path arch=amd64] uri suite component…   # remark
  const found = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?([^#]+)/.exec(line);
  if (found === null) return [];
  const [, settings = '', rest = ''] = found;
  const [uri, suite, ...components] = words(rest);
  if (uri === undefined || suite === undefined || uri.startsWith('cdrom:')) return [];
  const signedBy = words(settings).find((word) => word.toLowerCase().startsWith('signed-by='));
  return [{ uris: [uri], suites: [suite], components, signedBy: signedBy?.slice('signed-by='.length) ?? null }];
};

/** Reads the one-line format of `/etc/apt/sources.list` and `*.list`. Source packages and cdroms are left out. */
export const parseSourcesList = (text: string): readonly AptSource[] => text.split('\n').flatMap(parseOneLine);

const parseFields = (stanza: readonly string[]): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  let current: string | null = null;
  for (const line of stanza) {
    const field = /^([^\s:]+):\s*(.*)$/.exec(line);
    if (field !== null) {
      current = (field[1] ?? '').toLowerCase();
      fields.set(current, field[2] ?? '');
    } else if (current !== null) fields.set(current, `${fields.get(current) ?? ''}\n${line}`);
  }
  return fields;
};

const parseStanza = (stanza: readonly string[]): AptSource[] => {
  const fields = parseFields(stanza);
  const list = (name: string): string[] => words(fields.get(name) ?? '');
  const enabled = !/^(no|false|without|off|disable|0)$/i.test((fields.get('enabled') ?? 'yes').trim());
  if (!enabled || !list('types').includes('deb')) return [];
  const signedBy = fields.get('signed-by')?.trim() ?? '';
  return [
    {
      uris: list('uris'),
      suites: list('suites'),
      components: list('components'),
      signedBy: signedBy === '' ? null : signedBy,
    },
  ];
};

/** Reads the deb822 format of `*.sources`: paragraphs of fields, remarks anywhere, disabled ones left out. */
export const parseDeb822Sources = (text: string): readonly AptSource[] => {
  const stanzas: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') stanzas.push([]);
    else stanzas.at(-1)?.push(line);
  }
  return stanzas.flatMap(parseStanza);
};

/** Writes a source in deb822 for one suite, for an apt root of our own. */
export const formatDeb822Source = (source: AptSource, suite: string, components: readonly string[]): string => {
  const key =
    source.signedBy === null ? [] : [`Signed-By: ${source.signedBy.replaceAll('\n', '\n ').replaceAll('\n  ', '\n ')}`];
  const fields = [`URIs: ${source.uris.join(' ')}`, `Suites: ${suite}`, `Components: ${components.join(' ')}`];
  return ['Types: deb', ...fields, ...key, ''].join('\n');
};
