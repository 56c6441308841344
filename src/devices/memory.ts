import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * What a simulated device keeps of itself, as lines: a real one outlives the store's process, so its memory must too.
 * `append` returns when the line survives; `load` gives what did, oldest first.
 */
export interface DeviceMemory {
  readonly load: () => readonly string[];
  readonly append: (line: string) => void;
}

/** Lines that an array keeps: beyond it the older half is forgotten, as a real device forgets. */
const linesMax = 100_000;

/** Lives as long as the array that is given: hand the same one to the next device and it goes on from there. */
export const createArrayMemory = (lines: string[] = []): DeviceMemory => ({
  load: () => [...lines],
  append(line) {
    if (lines.push(line) > linesMax) lines.splice(0, linesMax / 2);
  },
});

/** A file of lines, synchronised before `append` returns. A last line that was cut off never happened. */
export const createFileMemory = (path: string): DeviceMemory => {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const kept = createArrayMemory(whole.split('\n').slice(0, -1));
  if (whole !== text) cutTo(path, Buffer.byteLength(whole));
  return {
    load: kept.load,
    append(line) {
      const file = openSync(path, 'a');
      try {
        writeSync(file, `${line}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      kept.append(line);
    },
  };
};

const cutTo = (path: string, bytes: number): void => {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
