/** Time that passes when a test says so. */
export interface ManualTime {
  readonly wait: (ms: number) => Promise<void>;
  /** Ends every wait that is due, in its order, and lets what hangs on it run. */
  readonly pass: (ms: number) => Promise<void>;
}

export const createManualTime = (): ManualTime => {
  let now = 0;
  let waits: { readonly due: number; readonly end: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    wait: (ms) => new Promise((resolve) => void waits.push({ due: now + ms, end: resolve })),
    async pass(ms) {
      await settle();
      now += ms;
      const due = waits.filter((one) => one.due <= now).toSorted((a, b) => a.due - b.due);
      waits = waits.filter((one) => one.due > now);
      for (const one of due) one.end();
      await settle();
    },
  };
};
