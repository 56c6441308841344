import { describe, expect, it } from 'vitest';
import type { Scanner } from '../../../src/domain/ports.ts';
import type { ScannerVerbs } from '../../../src/devices/scanner/simulated.ts';
import { createListener } from './listener.ts';

export interface ScannerPair {
  readonly scanner: Scanner;
  readonly verbs: ScannerVerbs;
}

/** What every scanner must do. */
export const scannerAcceptance = (name: string, makePair: () => ScannerPair | Promise<ScannerPair>): void => {
  describe(`${name}: scanner`, () => {
    it('F1: a burst of codes is told in its order, twins included', async () => {
      const { scanner, verbs } = await makePair();
      const listener = createListener();
      await scanner.connect(listener.listen);
      const codes = ['4006381333931', '4006381333931', '96385074', '4006381333931'];
      for (const code of codes) verbs.scan(code);
      expect(listener.heard()).toEqual(codes.map((code) => ({ type: 'SCANNED', code })));
    });

    it('what is read while nobody is connected is gone, and nothing is told after the end', async () => {
      const { scanner, verbs } = await makePair();
      const listener = createListener();
      verbs.scan('early');
      await scanner.connect(listener.listen);
      verbs.powerOff();
      verbs.scan('dark');
      verbs.powerOn();
      await scanner.connect(listener.listen);
      verbs.scan('read');
      await scanner.close();
      verbs.scan('late');
      expect(listener.heard()).toEqual([{ type: 'DISCONNECTED' }, { type: 'SCANNED', code: 'read' }]);
    });
  });
};
