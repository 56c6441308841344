export interface NatsVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** A release candidate or the like: older than the release of the same number. */
  readonly preview: boolean;
}

/** From here on no advisory of nats-io that we know of concerns a store. */
export const wantedNatsVersion: NatsVersion = { major: 2, minor: 14, patch: 3, preview: false };

/** Finds the version in what `nats-server --version` or a Debian package version says; `null` where there is none. */
export const parseNatsVersion = (text: string): NatsVersion | null => {
  const found = /(?:^|[^\d.])(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:[-~](rc|beta|alpha|dev|preview))?/i.exec(text);
  if (found === null) return null;
  const [, major, minor, patch, preview] = found;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), preview: preview !== undefined };
};

export const formatNatsVersion = (version: NatsVersion): string =>
  `${version.major}.${version.minor}.${version.patch}${version.preview ? '-preview' : ''}`;

/** Below zero where `one` is older than `other`, zero where they are the same. */
export const compareNatsVersions = (one: NatsVersion, other: NatsVersion): number =>
  one.major - other.major ||
  one.minor - other.minor ||
  one.patch - other.patch ||
  Number(other.preview) - Number(one.preview);

/** Why a version should not serve a real store; `null` where nothing is known against it. Source: nats-io/advisories. */
export const natsVersionWarning = (version: NatsVersion): string | null => {
  if (compareNatsVersions(version, wantedNatsVersion) >= 0) return null;
  const why =
    compareNatsVersions(version, { major: 2, minor: 14, patch: 0, preview: false }) < 0
      ? 'it can be crashed before anybody signs in, and its subscribe permissions can be got around'
      : 'it can be crashed by a client before it signs in';
  return `nats-server ${formatNatsVersion(version)} works, but ${why} (nats-io advisories of 2026); use ${formatNatsVersion(wantedNatsVersion)} or newer for a real store.`;
};
