import { createSimulatedDisplay } from '../../../src/devices/display/simulated.ts';
import { displayAcceptance } from '../acceptance/display.ts';

displayAcceptance('simulated', () => {
  const display = createSimulatedDisplay();
  return { display, verbs: display, shown: () => display.shown() };
});
