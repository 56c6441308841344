import { createInterface } from 'node:readline';

/** Keyboard and screen of the till. In a terminal the screen is drawn anew each time; into a file or pipe it is written on. */
export interface Console {
  readonly isTerminal: boolean;
  /** The next line that was typed; `null` at the end of the input, or at Ctrl-C. Lines typed ahead wait, none is lost. */
  next(prompt: string): Promise<string | null>;
  /** Shows these lines; what is half typed stays. */
  show(lines: readonly string[]): void;
  close(): void;
}

/** Lines typed or scanned ahead; above it the input is not read on. */
const aheadMax = 1000;

const clear = '\u001b[2J\u001b[3J\u001b[H';

export const openConsole = (input: NodeJS.ReadStream, output: NodeJS.WriteStream): Console => {
  const isTerminal = input.isTTY && output.isTTY;
  const lines: string[] = [];
  let wanted: ((line: string | null) => void) | null = null;
  let isEnded = false;
  const reader = createInterface({ input, output, terminal: isTerminal, historySize: 0 });

  const end = (): void => {
    isEnded = true;
    wanted?.(null);
    wanted = null;
  };
  reader.on('line', (line) => {
    if (wanted === null) {
      lines.push(line);
      if (lines.length >= aheadMax) reader.pause();
      return;
    }
    const take = wanted;
    wanted = null;
    take(line);
  });
  reader.on('close', end);
  reader.on('SIGINT', () => reader.close());

  const read = (prompt: string): Promise<string | null> => {
    const ahead = lines.shift();
    if (ahead !== undefined) {
      if (lines.length === 0 && !isEnded) reader.resume();
      return Promise.resolve(ahead);
    }
    if (isEnded) return Promise.resolve(null);
    reader.setPrompt(prompt);
    if (isTerminal) reader.prompt(true);
    return new Promise((resolve) => {
      wanted = resolve;
    });
  };

  return {
    isTerminal,
    async next(prompt) {
      const line = await read(prompt);
      // A transcript shows what was typed; a terminal did so already.
      if (!isTerminal && line !== null) output.write(`${prompt}${line}\n`);
      return line;
    },
    show(shown) {
      if (!isTerminal) {
        output.write(`\n${shown.join('\n')}\n`);
        return;
      }
      output.write(`${clear}${shown.join('\n')}\n\n`);
      if (wanted !== null) reader.prompt(true);
    },
    close() {
      end();
      reader.close();
    },
  };
};
