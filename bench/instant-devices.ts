import type { CardApproval } from '../src/domain/card.ts';
import type { Device, Devices, PaymentTerminal, ReceiptPrinter } from '../src/domain/ports.ts';

const line: Device = {
  connect: () => Promise.resolve({ outcome: 'connected' }),
  close: () => Promise.resolve(),
};

export const approvalOf = (reference: string, amountMinor: number): CardApproval => ({
  authCode: reference.slice(-6),
  maskedPan: '************1234',
  scheme: 'VISA',
  terminalReceipt: reference.slice(-8),
  amountMinor,
});

/** Approves in a microtask: what is measured is the store, not a customer looking for a card. */
export const instantTerminal: PaymentTerminal = {
  ...line,
  authorize: ({ reference, amountMinor }) =>
    Promise.resolve({ outcome: 'approved', ...approvalOf(reference, amountMinor) }),
  confirm: () => Promise.resolve({ outcome: 'confirmed' }),
  query: () => Promise.resolve({ outcome: 'not-found' }),
  reverse: () => Promise.resolve({ outcome: 'reversed' }),
  refund: ({ reference, amountMinor }) =>
    Promise.resolve({ outcome: 'approved', ...approvalOf(reference, amountMinor) }),
  abort: () => Promise.resolve({ outcome: 'aborting' }),
};

export const instantPrinter: ReceiptPrinter = {
  ...line,
  print: () => Promise.resolve({ outcome: 'printed' }),
  query: () => Promise.resolve({ outcome: 'printed' }),
};

/** A terminal and a printer for each counter. */
export const devicesOf = (counterIds: readonly string[], terminal: PaymentTerminal = instantTerminal): Devices => ({
  terminals: new Map(counterIds.map((id) => [id, terminal])),
  printers: new Map(counterIds.map((id) => [id, instantPrinter])),
  drawers: new Map(),
  displays: new Map(),
  scanners: new Map(),
});
