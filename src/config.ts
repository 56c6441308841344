import type { StoreSettings } from './domain/settings.ts';
import type { TaxRounding } from './domain/tax.ts';
import type { Tender } from './domain/tender.ts';

/** Everything a store program is told, read once, frozen. */
export interface Config {
  readonly dataDir: string;
  readonly settings: StoreSettings;
  readonly taxRounding: TaxRounding;
  readonly nats: NatsConfig;
  readonly simulated: SimulatedConfig;
}
/** What the simulated devices do; real ones are configured by counter. */
export interface SimulatedConfig {
  readonly card: SimulatedCard;
}
/** `silent`: each card is approved in the terminal's memory, and its answer never comes. */
export type SimulatedCard = 'approved' | 'declined' | 'silent';

export interface NatsConfig {
  /** False: no bus at all; the store sells on without it. */
  readonly enabled: boolean;
  readonly host: string;
  /** 0: any free one. `auto`: the usual one, and a free one where another program has that. */
  readonly port: number | 'auto';
}

export interface ConfigFailure {
  readonly reason: 'bad-config';
  /** Names the key, what stands there, and what would do. */
  readonly detail: string;
}

const tenders: readonly Tender[] = [
  { code: 'CASH', name: 'Cash', method: 'cash', givesChange: true, opensDrawer: true, maxMinor: 0 },
  { code: 'CARD', name: 'Card', method: 'card', givesChange: false, opensDrawer: false, maxMinor: 0 },
  { code: 'CHECK', name: 'Check', method: 'other', givesChange: true, opensDrawer: true, maxMinor: 0 },
  { code: 'VOUCHER', name: 'Voucher', method: 'other', givesChange: false, opensDrawer: true, maxMinor: 0 },
];

interface Key {
  readonly key: string;
  readonly preset: string;
  readonly fits: RegExp;
  readonly wanted: string;
}

/** The keys of the environment, in one table: docs and errors come from it. */
export const configKeys = {
  dataDir: { key: 'STOREFIRST_DATA', preset: 'data/store', fits: /./, wanted: 'a folder' },
  storeId: {
    key: 'STOREFIRST_STORE',
    preset: 'store-1',
    fits: /^[A-Za-z0-9_-]{1,32}$/,
    wanted: 'letters, digits, - and _',
  },
  storeName: {
    key: 'STOREFIRST_NAME',
    preset: 'Storefirst Corner Shop',
    fits: /^.{1,40}$/,
    wanted: '1 to 40 characters',
  },
  counters: {
    key: 'STOREFIRST_COUNTERS',
    preset: '1,2',
    fits: /^[A-Za-z0-9_-]{1,16}(,[A-Za-z0-9_-]{1,16}){0,199}$/,
    wanted: '1 to 200 counter ids with commas between',
  },
  currency: { key: 'STOREFIRST_CURRENCY', preset: 'USD', fits: /^[A-Z]{3}$/, wanted: 'an ISO 4217 code' },
  cashRounding: { key: 'STOREFIRST_CASH_ROUNDING', preset: '1', fits: /^(1|5|10)$/, wanted: '1, 5 or 10 minor units' },
  taxRounding: {
    key: 'STOREFIRST_TAX_ROUNDING',
    preset: 'basket',
    fits: /^(basket|class|line)$/,
    wanted: 'basket, class or line',
  },
  utcOffset: {
    key: 'STOREFIRST_UTC_OFFSET',
    preset: '0',
    fits: /^-?\d{1,3}$/,
    wanted: 'minutes from UTC, -840 to 840',
  },
  nats: { key: 'STOREFIRST_NATS', preset: 'on', fits: /^(on|off)$/, wanted: 'on or off' },
  natsHost: { key: 'STOREFIRST_NATS_HOST', preset: '127.0.0.1', fits: /^[\w.:-]+$/, wanted: 'an address to listen on' },
  natsPort: {
    key: 'STOREFIRST_NATS_PORT',
    preset: 'auto',
    fits: /^(auto|\d{1,5})$/,
    wanted: 'a port, 0 for any free one, or auto',
  },
  simulatedCard: {
    key: 'STOREFIRST_SIMULATED_CARD',
    preset: 'approved',
    fits: /^(approved|declined|silent)$/,
    wanted: 'approved, declined or silent',
  },
} as const satisfies Record<string, Key>;

/** Environment → configuration, or one clear error that names the key. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config | ConfigFailure {
  const known = new Set<string>(Object.values(configKeys).map(({ key }) => key));
  const misspelt = Object.keys(environment).find((key) => key.startsWith('STOREFIRST_') && !known.has(key));
  if (misspelt !== undefined) return failure(`${misspelt} is no key of Storefirst; it knows ${[...known].join(', ')}`);
  const value = ({ key, preset }: Key): string => environment[key] ?? preset;
  const wrong = Object.values<Key>(configKeys).find((key) => !key.fits.test(value(key)));
  if (wrong !== undefined) return failure(`${wrong.key} is "${value(wrong)}"; wanted: ${wrong.wanted}`);
  const counters = value(configKeys.counters).split(',');
  return {
    dataDir: value(configKeys.dataDir),
    taxRounding: value(configKeys.taxRounding) as TaxRounding,
    nats: {
      enabled: value(configKeys.nats) === 'on',
      host: value(configKeys.natsHost),
      port: portOf(value(configKeys.natsPort)),
    },
    simulated: { card: value(configKeys.simulatedCard) as SimulatedCard },
    settings: {
      storeId: value(configKeys.storeId),
      currency: value(configKeys.currency),
      cashRoundingMinor: Number(value(configKeys.cashRounding)),
      header: {
        store: { name: value(configKeys.storeName), address: [] },
        utcOffsetMinutes: Number(value(configKeys.utcOffset)),
      },
      tenders,
      counters: Object.fromEntries(counters.map((id) => [id, { printer: true, drawer: true }])),
    },
  };
}

const portOf = (text: string): number | 'auto' => (text === 'auto' ? text : Number(text));

const failure = (detail: string): ConfigFailure => ({ reason: 'bad-config', detail });
