import type { Scanner } from '../../domain/ports.ts';
import { createSimulatedLine } from '../simulated-line.ts';

/** A barcode scanner: what it reads while nobody is connected is gone, as with a real one. */
export interface SimulatedScanner extends Scanner, ScannerVerbs {}

export interface ScannerVerbs {
  scan(code: string): void;
  powerOff(): void;
  powerOn(): void;
}

export const createSimulatedScanner = (): SimulatedScanner => {
  const line = createSimulatedLine();
  return {
    ...line.port,
    scan: (code) => line.tell({ type: 'SCANNED', code }),
    powerOff: line.powerOff,
    powerOn: line.powerOn,
  };
};
