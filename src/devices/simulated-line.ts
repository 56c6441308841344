import type { Message } from '../domain/message.ts';
import type { ConnectOutcome, Device, DeviceListener } from '../domain/ports.ts';

/** The line to a simulated device: power, connection, and what becomes of calls when it is lost. */
export interface SimulatedLine {
  readonly port: Device;
  /** Tells the store something without being asked; nothing where nobody is connected. */
  readonly tell: (event: Message) => void;
  /** A call over the line: `unreachable` where it is down, `lost` where it goes down before the answer. */
  call<T>(work: () => Promise<T>, unreachable: T, lost: T): Promise<T>;
  /** The line is lost; the device goes on, and may be connected again at once. */
  readonly drop: () => void;
  readonly powerOff: () => void;
  readonly powerOn: () => void;
  /** Goes up with each loss of power: what was begun in another life never happens. */
  readonly life: () => number;
}

export const createSimulatedLine = (): SimulatedLine => {
  let listener: DeviceListener | null = null;
  let powered = true;
  let lives = 0;
  const pending = new Set<() => void>();

  const tell = (event: Message): void => listener?.(event);
  const end = (): void => {
    for (const lose of pending) lose();
    pending.clear();
  };
  const drop = (): void => {
    const told = listener;
    listener = null;
    end();
    told?.({ type: 'DISCONNECTED' });
  };
  const connect = async (to: DeviceListener): Promise<ConnectOutcome> => {
    if (!powered) return { outcome: 'unreachable' };
    listener = to;
    return { outcome: 'connected' };
  };

  return {
    port: {
      connect,
      async close() {
        listener = null;
        end();
      },
    },
    tell,
    drop,
    call(work, unreachable, lost) {
      if (!powered || listener === null) return Promise.resolve(unreachable);
      return new Promise((resolve, reject) => {
        const lose = (): void => resolve(lost);
        pending.add(lose);
        void work()
          .then(resolve, reject)
          .finally(() => pending.delete(lose));
      });
    },
    powerOff() {
      powered = false;
      lives += 1;
      drop();
    },
    powerOn() {
      powered = true;
    },
    life: () => lives,
  };
};
