import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readConfig, type Config } from '../config.ts';
import { usage } from './usage.ts';

type Parsed<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T & { readonly strict: true }>>;

/** Arguments of a verb; `null` after one line that says what is wrong: the verb then ends with 2. */
export const readArguments = <const T extends ParseArgsConfig>(
  verb: keyof typeof usage,
  config: T,
): Parsed<T> | null => {
  try {
    return parseArgs({ ...config, strict: true });
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    return wrong(verb, sentence.replaceAll('\n', ' ').replace(/\.$/, ''));
  }
};

/** One line: what is wrong, and what would be right. */
export const wrong = (verb: keyof typeof usage, what: string): null => {
  console.error(`storefirst ${verb}: ${what}. Usage: ${usage[verb]}`);
  return null;
};

/** The configuration of this environment; `null` after one line that names the key. */
export const readEnvironment = (verb: keyof typeof usage): Config | null => {
  const config = readConfig(process.env);
  if (!('reason' in config)) return config;
  console.error(`storefirst ${verb}: ${config.detail}`);
  return null;
};
