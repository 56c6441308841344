import type { CashDrawer } from '../../domain/ports.ts';
import type { DeviceMemory } from '../memory.ts';
import { createSimulatedLine } from '../simulated-line.ts';

export interface SimulatedDrawerDeps {
  readonly memory: DeviceMemory;
}

/** A cash drawer with a sensor. A kick opens it each time: it does not know that it got the same one before. */
export interface SimulatedDrawer extends CashDrawer, DrawerVerbs {
  /** Every kick that it got, in order. */
  kicks(): readonly string[];
  isOpen(): boolean;
}

export interface DrawerVerbs {
  /** By hand, as a cashier does. */
  closeDrawer(): void;
  powerOff(): void;
  powerOn(): void;
}

type Outcome = Awaited<ReturnType<CashDrawer['open']>>;

export const createSimulatedDrawer = ({ memory }: SimulatedDrawerDeps): SimulatedDrawer => {
  const line = createSimulatedLine();
  let open = false;

  const kick = (kickId: string): void => {
    memory.append(kickId);
    open = true;
    line.tell({ type: 'DRAWER_OPENED' });
  };
  return {
    ...line.port,
    open: ({ kickId }) =>
      line.call<Outcome>(
        async () => {
          kick(kickId);
          return { outcome: 'opened' };
        },
        { outcome: 'unreachable' },
        { outcome: 'unreachable' },
      ),
    closeDrawer() {
      open = false;
      line.tell({ type: 'DRAWER_CLOSED' });
    },
    powerOff: line.powerOff,
    powerOn: line.powerOn,
    kicks: memory.load,
    isOpen: () => open,
  };
};
