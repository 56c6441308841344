import { describe, expect, it } from 'vitest';
import { createSimulatedDrawer } from '../../../src/devices/drawer/simulated.ts';
import { createArrayMemory } from '../../../src/devices/memory.ts';
import { drawerAcceptance } from '../acceptance/drawer.ts';
import { createListener } from '../acceptance/listener.ts';

drawerAcceptance('simulated', () => {
  const drawer = createSimulatedDrawer({ memory: createArrayMemory() });
  return { drawer, verbs: drawer, kicks: () => drawer.kicks().length };
});

describe('simulated drawer', () => {
  it('opens twice for the same kick: it must not hide what a store does wrong', async () => {
    const drawer = createSimulatedDrawer({ memory: createArrayMemory() });
    await drawer.connect(createListener().listen);
    await drawer.open({ kickId: 'k1' });
    await drawer.open({ kickId: 'k1' });
    expect(drawer.kicks()).toEqual(['k1', 'k1']);
    expect(drawer.isOpen()).toBe(true);
  });
});
