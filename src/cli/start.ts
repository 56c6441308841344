import type { Config } from '../config.ts';
import { readArguments, readEnvironment } from './arguments.ts';
import { openShop, type Shop } from './open-shop.ts';
import { foundText } from './status/found.ts';

/** Runs a store until Ctrl-C or SIGTERM. 0: stopped cleanly, 1: it could not start, 2: called or configured wrongly. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('start', { args, options: {} });
  const config = read === null ? null : readEnvironment('start');
  if (config === null) return 2;
  // Listened for from here on: a Ctrl-C while it starts is a clean stop too.
  const asked = stopAsked();
  const shop = await openShop(config, (line) => console.log(line));
  if ('reason' in shop) {
    console.error(`storefirst start: ${shop.detail}`);
    return 1;
  }
  for (const line of startText(config, shop)) console.log(line);
  void tellServing(shop);
  await asked;
  console.log('Stopping …');
  await shop.stop();
  console.log('Stopped. Everything is on disk.');
  return 0;
};

/** The first signal asks for a clean stop; the second one ends the process at once, which a store survives too. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    let times = 0;
    const ask = (): void => {
      times += 1;
      if (times > 1) process.exit(1);
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });

const startText = ({ settings, dataDir, nats }: Config, { program, found }: Shop): readonly string[] => {
  const counters = Object.keys(settings.counters);
  const book = program.catalog.activeBook();
  const row = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`;
  return [
    '',
    `${settings.header.store.name} is open.`,
    '',
    row('counters', `${counters.join(', ')}, each with a simulated terminal, printer, drawer, display and scanner`),
    row(
      'prices',
      book === null ? 'no price book yet: storefirst import' : `price book ${book.version}, ${book.currency}`,
    ),
    row('data', dataDir),
    ...foundText(found).map((line) => row('found', line)),
    ...(nats.enabled ? [] : [row('commands', 'NATS is off: no other program can send any')]),
    '',
    row('to sell', 'npx storefirst sell        in another terminal'),
    row('to look', 'npx storefirst status'),
    row('to stop', 'Ctrl-C, or pull the plug: npx storefirst demo'),
    '',
  ];
};

const tellServing = async ({ bus }: Shop): Promise<void> => {
  if (bus === null) return;
  await bus.serving();
  const { state, credentialsPath } = bus.status();
  if (state !== 'closed') console.log(`bus: the frontends' passwords stand in ${credentialsPath ?? ''}`);
};
