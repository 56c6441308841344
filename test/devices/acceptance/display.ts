import { describe, expect, it } from 'vitest';
import type { DisplayText } from '../../../src/domain/effects.ts';
import type { CustomerDisplay } from '../../../src/domain/ports.ts';
import type { DisplayVerbs } from '../../../src/devices/display/simulated.ts';
import { createListener } from './listener.ts';

export interface DisplayPair {
  readonly display: CustomerDisplay;
  readonly verbs: DisplayVerbs;
  readonly shown: () => DisplayText | null;
}

/** What every customer display must do. */
export const displayAcceptance = (name: string, makePair: () => DisplayPair | Promise<DisplayPair>): void => {
  describe(`${name}: display`, () => {
    it('shows the latest text', async () => {
      const { display, shown } = await makePair();
      await display.connect(createListener().listen);
      await display.show({ top: 'Milk', bottom: '1.19' });
      expect(await display.show({ top: 'Total', bottom: '12.50' })).toEqual({ outcome: 'shown' });
      expect(shown()).toEqual({ top: 'Total', bottom: '12.50' });
    });

    it('after a loss of power it is dark until it is told again', async () => {
      const { display, verbs, shown } = await makePair();
      const listener = createListener();
      await display.connect(listener.listen);
      await display.show({ top: 'Total', bottom: '12.50' });
      verbs.powerOff();
      expect(await display.show({ top: 'Thank you', bottom: '' })).toEqual({ outcome: 'unreachable' });
      verbs.powerOn();
      await display.connect(listener.listen);
      expect(shown()).toBeNull();
      expect(listener.types()).toEqual(['DISCONNECTED']);
    });
  });
};
