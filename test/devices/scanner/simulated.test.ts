import { createSimulatedScanner } from '../../../src/devices/scanner/simulated.ts';
import { scannerAcceptance } from '../acceptance/scanner.ts';

scannerAcceptance('simulated', () => {
  const scanner = createSimulatedScanner();
  return { scanner, verbs: scanner };
});
