import { assert } from './errors.ts';
import { extend, multiplyHalfUp } from './money.ts';
import { compareText, groupPieces } from './offer-groups.ts';
import type { Pool, Run } from './offer-groups.ts';
import { isActive, isGroupOffer, isUnitOffer, offerReason } from './offers.ts';
import type { GroupOffer, Offer, UnitOffer } from './offers.ts';
import type { Basket, OrderLine, PriceModifier } from './order.ts';
import { isWhole, onePiece } from './quantity.ts';

/** What the best offer on single pieces takes off a line. */
interface UnitReduction {
  readonly offer: UnitOffer;
  /** Off each piece; of a weighed line, off the whole line. */
  readonly reductionMinor: number;
}

interface OfferLine {
  readonly line: OrderLine;
  readonly offers: readonly Offer[];
  readonly best: UnitReduction | null;
  /** Whole pieces; null for what is weighed or broken. */
  readonly pieces: number | null;
}

/**
 * What offers take off each line, by line number. The rules, all of them:
 * 1. An offer counts at the moment the order was opened, from its first to its last moment; `memberOnly` needs a member.
 * 2. Items, department rings and returns take part if they carry offers. Not: voids and what they took back, deposits, coupons,
 *    adjustments, a price given by hand. A price on a label is final too, but percentages and amounts come off it.
 * 3. Of `price`, `percent` and `amount` the one that takes most off a line counts, ties to the lower offer id. Rounded per piece; of
 *    a weighed line once.
 * 4. `bundle`, `mix-bundle`, `mix-cheapest`, `mix-set` take whole pieces, and only where the group costs less than its pieces would
 *    by rule 3; such a piece has no other offer (order of offers and pieces: see `groupPieces`).
 * 5. No line is reduced below zero. The order of scans changes no total. Returned lines are grouped among themselves, and mirrored.
 */
export const applyOffers = (basket: Basket): ReadonlyMap<number, readonly PriceModifier[]> => {
  const modifiers = new Map<number, readonly PriceModifier[]>();
  const lines = basket.lines.filter(takesPart).map((line) => prepareLine(line, basket));
  for (const sign of [1, -1]) {
    const side = lines.filter(({ line }) => Math.sign(line.quantity) === sign);
    for (const { line, offer, reductionMinor } of reduceLines(side)) {
      if (reductionMinor === 0) continue;
      const reason = offerReason(offer, basket.rules.currency);
      const known = modifiers.get(line) ?? [];
      modifiers.set(
        line,
        addModifier(known, { source: offer.offerId, reason, amountMinor: 0 - sign * reductionMinor }),
      );
    }
  }
  return modifiers;
};

const takesPart = (line: OrderLine): boolean =>
  (line.type === 'item' || line.type === 'department' || line.type === 'return') &&
  line.voidedBy === null &&
  line.offerIds.length > 0 &&
  line.priceSource !== 'override' &&
  line.unitPriceMinor > 0;

const prepareLine = (line: OrderLine, basket: Basket): OfferLine => {
  const offers = line.offerIds
    .map((offerId) => {
      const offer = basket.offers[offerId];
      assert(offer !== undefined, `the basket defines the offers of its lines: ${offerId}`);
      return offer;
    })
    .filter((offer) => isActive(offer, basket.openedAt, basket.memberId !== null))
    .filter((offer) => line.priceSource !== 'label' || !setsPrice(offer));
  const pieces = !line.weighed && isWhole(line.quantity) ? Math.abs(line.quantity) / onePiece : null;
  return { line, offers, best: bestUnitOffer(line, pieces, offers), pieces };
};

const setsPrice = ({ type }: Offer): boolean => type === 'price' || type === 'bundle' || type === 'mix-bundle';

const bestUnitOffer = (line: OrderLine, pieces: number | null, offers: readonly Offer[]): UnitReduction | null => {
  const quantity = pieces === null ? Math.abs(line.quantity) : onePiece;
  const [best] = offers
    .filter(isUnitOffer)
    .map((offer) => ({ offer, reductionMinor: unitReduction(offer, line.unitPriceMinor, quantity) }))
    .filter(({ reductionMinor }) => reductionMinor > 0)
    .toSorted((a, b) => b.reductionMinor - a.reductionMinor || compareText(a.offer.offerId, b.offer.offerId));
  return best ?? null;
};

/** Never more than the price, never less than nothing. */
const unitReduction = (offer: UnitOffer, unitPriceMinor: number, quantity: number): number => {
  const extendedMinor = extend(unitPriceMinor, quantity);
  switch (offer.type) {
    case 'price':
      return Math.max(0, extendedMinor - extend(Math.max(0, offer.priceMinor), quantity));
    case 'amount':
      return extendedMinor - extend(Math.max(0, unitPriceMinor - Math.max(0, offer.amountMinor)), quantity);
    case 'percent':
      return Math.max(0, Math.min(extendedMinor, multiplyHalfUp(extendedMinor, offer.percentHundredths, 10_000)));
  }
};

interface LineReduction {
  readonly line: number;
  readonly offer: Offer;
  readonly reductionMinor: number;
}

const reduceLines = (lines: readonly OfferLine[]): readonly LineReduction[] => {
  const runs = new Map<number, Run>();
  for (const { line, offers, best, pieces } of lines) {
    if (pieces === null || !offers.some(isGroupOffer)) continue;
    const netMinor = line.unitPriceMinor - (best?.reductionMinor ?? 0);
    const content = contentOf(line);
    runs.set(line.line, { line: line.line, listMinor: line.unitPriceMinor, netMinor, content, leftPieces: pieces });
  }
  const takes = groupPieces(gatherPools(lines, runs));
  const single = lines.flatMap(({ line, best, pieces }) => {
    if (best === null) return [];
    const count = pieces === null ? 1 : (runs.get(line.line)?.leftPieces ?? pieces);
    return [{ line: line.line, offer: best.offer, reductionMinor: best.reductionMinor * count }];
  });
  return [...single, ...takes.map(({ run, offer, reductionMinor }) => ({ line: run.line, offer, reductionMinor }))];
};

/** What could make two lines of one price differ later on, without line number and scanned code. */
const contentOf = (line: OrderLine): string => {
  const { productId, taxClass, discountable, quantity, manual } = line;
  const by = manual === null ? '' : JSON.stringify(manual);
  return `${productId} ${taxClass} ${discountable} ${quantity} ${line.offerIds.toSorted(compareText).join()} ${by}`;
};

interface GrowingPart {
  offer: GroupOffer;
  readonly runs: Run[];
}

/** Pieces by offer: of a bundle by product too, of a set by set. A set that lacks a group makes no pool. */
const gatherPools = (lines: readonly OfferLine[], runs: ReadonlyMap<number, Run>): readonly Pool[] => {
  const pools = new Map<string, Map<string, GrowingPart>>();
  for (const { line, offers } of lines) {
    const run = runs.get(line.line);
    if (run === undefined) continue;
    for (const offer of offers.filter(isGroupOffer)) {
      const key = poolKey(offer, line);
      const parts = pools.get(key) ?? new Map<string, GrowingPart>();
      const name = offer.type === 'mix-set' ? offer.group : '';
      const part = parts.get(name) ?? { offer, runs: [] };
      if (compareText(offer.offerId, part.offer.offerId) < 0) part.offer = offer;
      if (part.runs.at(-1) !== run) part.runs.push(run);
      pools.set(key, parts.set(name, part));
    }
  }
  return [...pools].flatMap(([key, parts]) => {
    const named = [...parts.values()].flatMap(({ offer }) => (offer.type === 'mix-set' ? offer.groups : ['']));
    const wanted = [...new Set(named)].toSorted(compareText).map((part) => parts.get(part));
    return wanted.every((part) => part !== undefined) ? [{ key, parts: wanted }] : [];
  });
};

const poolKey = (offer: GroupOffer, line: OrderLine): string => {
  if (offer.type === 'mix-set') return `set ${offer.set}`;
  return offer.type === 'bundle' ? `${offer.offerId} ${line.productId}` : offer.offerId;
};

/** One modifier a source and line. */
const addModifier = (known: readonly PriceModifier[], added: PriceModifier): readonly PriceModifier[] => {
  const same = known.find(({ source }) => source === added.source);
  if (same === undefined) return [...known, added];
  return known.map((each) => (each === same ? { ...each, amountMinor: each.amountMinor + added.amountMinor } : each));
};
