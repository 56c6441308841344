import { configKeys } from '../config.ts';
import { readArguments } from './arguments.ts';
import { usage } from './usage.ts';

const verbLines = [
  ['start', 'runs the store, until Ctrl-C'],
  ['sell', 'a keyboard till in this terminal; it runs the store itself where none does'],
  ['demo', 'pulls the plug in the middle of a card payment, and shows what is found'],
  ['import', 'takes over a price book from CSV files: all of it or nothing (docs/catalogue.md)'],
  ['status', 'actors by kind and state, and what is in flight'],
  ['verify', 'checks the chain of hashes, and that the figures follow from the facts'],
  ['replay', 'puts a recorded till log through the store'],
] as const satisfies readonly (readonly [keyof typeof usage, string])[];

export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('help', { args, options: {} });
  if (read === null) return 2;
  console.log(helpText());
  return 0;
};

const helpText = (): string =>
  [
    'Storefirst, the point of sale that survives the plug.',
    '',
    ...verbLines.flatMap(([verb, text]) => [`  ${usage[verb]}`, `      ${text}`]),
    '',
    'Set in the environment:',
    '',
    ...Object.values(configKeys).map(({ key, preset, wanted }) => `  ${key.padEnd(27)}${preset.padEnd(24)}${wanted}`),
  ].join('\n');
