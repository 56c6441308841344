import type { DisplayText } from '../../domain/effects.ts';
import type { CustomerDisplay } from '../../domain/ports.ts';
import { createSimulatedLine } from '../simulated-line.ts';

/** A customer display that shows what it was told last, and nothing after it lost its power. */
export interface SimulatedDisplay extends CustomerDisplay, DisplayVerbs {
  shown(): DisplayText | null;
}

export interface DisplayVerbs {
  powerOff(): void;
  powerOn(): void;
}

type Outcome = Awaited<ReturnType<CustomerDisplay['show']>>;

export const createSimulatedDisplay = (): SimulatedDisplay => {
  const line = createSimulatedLine();
  let text: DisplayText | null = null;
  return {
    ...line.port,
    show: ({ top, bottom }) =>
      line.call<Outcome>(
        async () => {
          text = { top, bottom };
          return { outcome: 'shown' };
        },
        { outcome: 'unreachable' },
        { outcome: 'unreachable' },
      ),
    powerOff() {
      text = null;
      line.powerOff();
    },
    powerOn: line.powerOn,
    shown: () => text,
  };
};
