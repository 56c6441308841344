import type { LineDraft } from './lines.ts';
import type { OrderLine } from './order.ts';

/** Quantities by line number of a sale, thousandths, positive. */
export type Quantities = Readonly<Record<string, number>>;

export const addReturned = (returned: Quantities, quantities: Quantities, sign: 1 | -1): Quantities =>
  Object.entries(quantities).reduce<Record<string, number>>(
    (sum, [line, quantity]) => ({ ...sum, [line]: (sum[line] ?? 0) + sign * quantity }),
    { ...returned },
  );

/** No more comes back than was sold: validated against the sale itself, also when two counters return it at once. */
export const returnable = (lines: readonly OrderLine[], returned: Quantities, quantities: Quantities): boolean =>
  Object.entries(quantities).every(([number, quantity]) => {
    const line = lines[Number(number) - 1];
    const sold = line !== undefined && line.type !== 'void' && line.type !== 'return' && line.voidedBy === null;
    return sold && quantity > 0 && (returned[number] ?? 0) + quantity <= line.quantity;
  });

/** What lines take back of earlier sales, by the order they were sold on. */
export function returnsOf(
  lines: readonly Pick<LineDraft, 'type' | 'quantity' | 'returnOf'>[],
): ReadonlyMap<string, Quantities> {
  const bySale = new Map<string, Quantities>();
  for (const { type, quantity, returnOf } of lines) {
    if (type !== 'return' || returnOf === null) continue;
    const known = bySale.get(returnOf.orderId) ?? {};
    bySale.set(returnOf.orderId, addReturned(known, { [returnOf.line]: -quantity }, 1));
  }
  return bySale;
}
