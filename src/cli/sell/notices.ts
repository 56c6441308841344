/** Lines that nobody asked for: the bus, the disk. On a screen the last one stands below until something is typed. */
export interface Notices {
  tell(line: string): void;
  last(): string | null;
  clear(): void;
}

/** `isScreen` false: written to standard error at once, as a script's log wants it. */
export const createNotices = (isScreen: boolean): Notices => {
  let last: string | null = null;
  return {
    tell(line) {
      if (isScreen) last = line;
      else console.error(line);
    },
    last: () => last,
    clear() {
      last = null;
    },
  };
};
