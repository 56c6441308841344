import { actorKinds, parseAddress } from '../domain/address.ts';
import type { ChangeFilter } from '../domain/ports.ts';
import { wireLimits } from './wire-limits.ts';

const kindOfAll = (text: string): string | undefined => actorKinds.find((kind) => text === `${kind}/*`);

/** Reads a filter from outside; `null` where an entry is neither an address nor a `<kind>/*`, or where it has too many. */
export const parseFilter = (addresses: readonly unknown[]): ChangeFilter | null => {
  const known = addresses.filter((entry) => typeof entry === 'string').filter(isEntry);
  return known.length === addresses.length && known.length <= wireLimits.filterAddresses ? { addresses: known } : null;
};

const isEntry = (text: string): boolean => kindOfAll(text) !== undefined || parseAddress(text) !== null;

/** NATS subjects under which the changes of a filter come. The filter must have been parsed. */
export const subjectsOf = (storeId: string, { addresses }: ChangeFilter): readonly string[] => {
  const root = `store.${storeId}.state`;
  if (addresses.length === 0) return [`${root}.*.*`];
  return [...new Set(addresses)].map((entry) => `${root}.${entry.replace('/', '.')}`);
};

/** Where the store tells its head: below `state`, since that is what frontends may listen to. */
export const headSubject = (storeId: string): string => `store.${storeId}.state.head`;
