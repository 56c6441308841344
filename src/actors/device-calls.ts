import type { CardReference, CardRequest } from '../domain/card.ts';
import { idOf, kindOf } from '../domain/address.ts';
import {
  outcomeEvents,
  type DisplayText,
  type DrawerKick,
  type PrintReference,
  type PrintRequest,
} from '../domain/effects.ts';
import type { StoredEffect } from '../domain/journal.ts';
import type { Message } from '../domain/message.ts';
import type { Device, DeviceListener, Devices } from '../domain/ports.ts';
import { Broken } from '../domain/errors.ts';

type Outcome = { readonly outcome: string };

/**
 * Performs a committed device call and tells how it ended. A driver that throws has not answered: for money that is
 * `no-answer`, for paper `unsure`: never a plain failure, because something may have happened.
 */
export async function performCall(effect: StoredEffect, devices: Devices, listener: DeviceListener): Promise<Message> {
  const ended = await call(effect, devices, listener).catch(() => ({ outcome: thrown[effect.type] }));
  return { ...ended, type: outcomeEvents[effect.type], request: subjectOf(effect.params) };
}

/** The call's own data comes back with its end, but not what was to be printed: that stands in the journal already. */
export function subjectOf(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || !('receipt' in params)) return params;
  const { receipt: _receipt, ...subject } = params;
  return subject;
}

const thrown = {
  connectDevice: 'unreachable',
  authorizeCard: 'no-answer',
  confirmCard: 'no-answer',
  queryCard: 'no-answer',
  reverseCard: 'no-answer',
  refundCard: 'no-answer',
  abortCard: 'unreachable',
  printReceipt: 'unsure',
  queryPrint: 'unsure',
  openDrawer: 'unreachable',
  showText: 'unreachable',
} as const satisfies Record<StoredEffect['type'], string>;

const unreachable: Outcome = { outcome: 'unreachable' };

async function call(
  { address, type, params }: StoredEffect,
  devices: Devices,
  listener: DeviceListener,
): Promise<Outcome> {
  const id = idOf(address);
  const terminal = devices.terminals.get(id);
  const printer = devices.printers.get(id);
  switch (type) {
    case 'connectDevice':
      return (await deviceOf(address, devices)?.connect(listener)) ?? unreachable;
    case 'authorizeCard':
      return (await terminal?.authorize(params as CardRequest)) ?? unreachable;
    case 'confirmCard':
      return (await terminal?.confirm(params as CardReference)) ?? unreachable;
    case 'queryCard':
      return (await terminal?.query(params as CardReference)) ?? unreachable;
    case 'reverseCard':
      return (await terminal?.reverse(params as CardRequest)) ?? unreachable;
    case 'refundCard':
      return (await terminal?.refund(params as CardRequest)) ?? unreachable;
    case 'abortCard':
      return (await terminal?.abort(params as CardReference)) ?? unreachable;
    case 'printReceipt':
      return (await printer?.print(params as PrintRequest)) ?? { outcome: 'offline' };
    case 'queryPrint':
      return (await printer?.query(params as PrintReference)) ?? { outcome: 'unsure' };
    case 'openDrawer':
      return (await devices.drawers.get(id)?.open(params as DrawerKick)) ?? unreachable;
    case 'showText':
      return (await devices.displays.get(id)?.show(params as DisplayText)) ?? unreachable;
  }
}

function deviceOf(address: StoredEffect['address'], devices: Devices): Device | undefined {
  const id = idOf(address);
  switch (kindOf(address)) {
    case 'terminal':
      return devices.terminals.get(id);
    case 'printer':
      return devices.printers.get(id);
    case 'drawer':
      return devices.drawers.get(id);
    case 'display':
      return devices.displays.get(id);
    case 'scanner':
      return devices.scanners.get(id);
    case 'counter':
    case 'order':
    case 'payment':
    case 'refund':
    case 'store-day':
      throw new Broken(`${address} is no device`);
  }
}
