import { address, type Address } from '../domain/address.ts';
import type { Refusal } from '../domain/errors.ts';
import type { LineDraft } from '../domain/lines.ts';
import type { Message } from '../domain/message.ts';
import type { Sale } from '../domain/sale.ts';
import { isRefusal, numberOr, type Reads } from './reads.ts';
import { openLine, ringCode, ringDepartment, ringReturnOf, type Rung } from './ring.ts';

/** What an order is fed: the lines of what was rung, and what it needs to become PAID. */
export function prepareOrder(to: Address, event: Message, reads: Reads): Message | Refusal {
  switch (event.type) {
    case 'OPEN':
    case 'ADD_LINES': {
      const rung = ring(event['ring'] as Message, datedBy(to, reads));
      return isRefusal(rung) ? rung : { ...event, ...rung };
    }
    case 'PAYMENT_SUCCEEDED':
      return issue(to, event, reads);
    default:
      return event;
  }
}

/** Prices and offers are those of the moment at which the order was opened: none changes in mid-bill. */
function datedBy(to: Address, reads: Reads): Reads {
  const { openedAt } = reads.contextOf(to) as Sale;
  return openedAt === 0 ? reads : { ...reads, at: openedAt };
}

function issue(to: Address, event: Message, { contextOf, nextReceipt, store }: Reads): Message {
  const { counterId, training } = contextOf(to) as Sale;
  return { ...event, receiptNumber: training ? 0 : nextReceipt(counterId), header: store.settings.header };
}

function ring(event: Message, reads: Reads): Rung | Refusal {
  switch (event.type) {
    case 'SCAN':
      if (event['unitPriceMinor'] !== undefined && reads.by.role === 'cashier') {
        return { reason: 'not-allowed', detail: 'a price by hand needs a supervisor' };
      }
      return ringCode(reads.store, { ...codeOf(event), type: 'item' }, reads.at);
    case 'RING':
      return ringAll(event['items'] as readonly Message[], reads);
    case 'RING_DEPARTMENT':
      return ringDepartment(reads.store, { ...departmentOf(event), type: 'department' });
    case 'ADJUST':
      return { drafts: [adjustment(event)], offers: [] };
    default:
      return ringReturn(event, reads);
  }
}

const codeOf = (event: Message) => ({
  code: String(event['code']),
  quantity: numberOr(event['quantity']),
  unitPriceMinor: numberOr(event['unitPriceMinor']),
});
const departmentOf = (event: Message) => ({
  department: String(event['department']),
  amountMinor: Number(event['amountMinor']),
  quantity: numberOr(event['quantity']) ?? 1000,
  description: typeof event['description'] === 'string' ? event['description'] : null,
});
function ringAll(items: readonly Message[], reads: Reads): Rung | Refusal {
  const rung: Rung[] = [];
  for (const item of items) {
    const one = ringCode(reads.store, { ...codeOf(item), type: 'item' }, reads.at);
    if (isRefusal(one)) return one;
    rung.push(one);
  }
  return { drafts: rung.flatMap(({ drafts }) => drafts), offers: rung.flatMap(({ offers }) => offers) };
}

/** An amount on the bill that is neither product nor department: a coupon, a member's adjustment. */
const adjustment = (event: Message): LineDraft =>
  openLine({
    type: event['coupon'] === true ? 'coupon' : 'adjustment',
    code: String(event['code']),
    description: String(event['description']),
    department: String(event['department']),
    quantity: 1000,
    unitPriceMinor: Number(event['amountMinor']),
    taxClass: typeof event['taxClass'] === 'string' ? event['taxClass'] : null,
    discountable: event['discountable'] === true,
  });

function ringReturn(event: Message, reads: Reads): Rung | Refusal {
  const { receiptCounter, receiptNumber, line } = event as unknown as ReturnCommand;
  if (receiptNumber !== undefined) {
    const orderId = reads.store.orderOf(receiptCounter ?? '', receiptNumber);
    const sale = orderId === null ? null : (reads.contextOf(address('order', orderId)) as Sale | null);
    if (sale === null) {
      return {
        reason: 'unknown-receipt',
        detail: `no receipt ${receiptNumber} of counter ${receiptCounter ?? '(receiptCounter is missing)'}`,
      };
    }
    return ringReturnOf(sale, line ?? 0, numberOr(event['quantity']));
  }
  if (event['code'] !== undefined) return ringCode(reads.store, { ...codeOf(event), type: 'return' }, reads.at);
  if (event['department'] === undefined) {
    return { reason: 'bad-command', detail: 'RETURN needs a receipt and line, a code, or a department' };
  }
  const back = departmentOf(event);
  return ringDepartment(reads.store, { ...back, quantity: -back.quantity, type: 'return' });
}

interface ReturnCommand {
  readonly receiptCounter?: string;
  readonly receiptNumber?: number;
  readonly line?: number;
}
