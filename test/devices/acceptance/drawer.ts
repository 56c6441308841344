import { describe, expect, it } from 'vitest';
import type { CashDrawer } from '../../../src/domain/ports.ts';
import type { DrawerVerbs } from '../../../src/devices/drawer/simulated.ts';
import { createListener } from './listener.ts';

export interface DrawerPair {
  readonly drawer: CashDrawer;
  readonly verbs: DrawerVerbs;
  /** How often it sprang open. */
  readonly kicks: () => number;
}

/** What every cash drawer must do. */
export const drawerAcceptance = (name: string, makePair: () => DrawerPair | Promise<DrawerPair>): void => {
  describe(`${name}: drawer`, () => {
    it('opens once a kick, and its sensor tells', async () => {
      const { drawer, verbs, kicks } = await makePair();
      const listener = createListener();
      await drawer.connect(listener.listen);
      expect(await drawer.open({ kickId: 'k1' })).toEqual({ outcome: 'opened' });
      verbs.closeDrawer();
      expect(listener.types()).toEqual(['DRAWER_OPENED', 'DRAWER_CLOSED']);
      expect(kicks()).toBe(1);
    });

    it('without power it is unreachable, says so once, and does not open later', async () => {
      const { drawer, verbs, kicks } = await makePair();
      const listener = createListener();
      await drawer.connect(listener.listen);
      verbs.powerOff();
      expect(await drawer.open({ kickId: 'k1' })).toEqual({ outcome: 'unreachable' });
      verbs.powerOn();
      expect(await drawer.connect(listener.listen)).toEqual({ outcome: 'connected' });
      expect(listener.types()).toEqual(['DISCONNECTED']);
      expect(kicks()).toBe(0);
    });
  });
};
