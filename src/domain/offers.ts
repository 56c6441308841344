import { formatDecimal, formatMinor } from './money.ts';

/** An offer is data with effective dates. Which one applied, and why, stands on each line as a PriceModifier. */
export type Offer = OfferTerms & {
  readonly offerId: string;
  readonly name: string;
  /** First and last moment, milliseconds; null for open ended. */
  readonly validFrom: number | null;
  readonly validTo: number | null;
  /** Only for members. */
  readonly memberOnly: boolean;
};

export type OfferTerms =
  /** A special price of one piece or weight unit. */
  | { readonly type: 'price'; readonly priceMinor: number }
  /** Percentage off each piece; hundredths of a percent. */
  | { readonly type: 'percent'; readonly percentHundredths: number }
  /** Amount off each piece. */
  | { readonly type: 'amount'; readonly amountMinor: number }
  /** Quantity pricing: each `pieces` of the product for `priceMinor` together. */
  | { readonly type: 'bundle'; readonly pieces: number; readonly priceMinor: number }
  /** Mix-and-match: each `pieces` of any products that carry this offer for `priceMinor` together. */
  | { readonly type: 'mix-bundle'; readonly pieces: number; readonly priceMinor: number }
  /** Mix-and-match: for each `pieces` of any products that carry this offer, the cheapest is reduced by a percentage. */
  | { readonly type: 'mix-cheapest'; readonly pieces: number; readonly percentHundredths: number }
  /** One of each group together take `amountMinor` off, split over them (soup and half a sandwich). */
  | {
      readonly type: 'mix-set';
      readonly set: string;
      readonly group: string;
      readonly groups: readonly string[];
      readonly amountMinor: number;
    };

/** Offers on single pieces, and offers on groups of them. */
export type UnitOffer = Extract<Offer, { readonly type: 'price' | 'percent' | 'amount' }>;
export type GroupOffer = Exclude<Offer, UnitOffer>;

/** Whether an offer counts at a moment, for a member or not. Both moments belong to it. */
export const isActive = (offer: Offer, at: number, member: boolean): boolean =>
  (offer.validFrom === null || at >= offer.validFrom) &&
  (offer.validTo === null || at <= offer.validTo) &&
  (member || !offer.memberOnly);

export const isUnitOffer = (offer: Offer): offer is UnitOffer =>
  offer.type === 'price' || offer.type === 'percent' || offer.type === 'amount';

export const isGroupOffer = (offer: Offer): offer is GroupOffer => !isUnitOffer(offer);

/** Why an offer applied, in words for receipt and screen: its name and its terms. */
export const offerReason = (offer: Offer, currency: string): string => `${offer.name}: ${termsOf(offer, currency)}`;

const termsOf = (offer: Offer, currency: string): string => {
  switch (offer.type) {
    case 'price':
      return `now ${formatMinor(offer.priceMinor, currency)}`;
    case 'percent':
      return `${formatPercent(offer.percentHundredths)} off`;
    case 'amount':
      return `${formatMinor(offer.amountMinor, currency)} off`;
    case 'bundle':
    case 'mix-bundle':
      return `${offer.pieces} for ${formatMinor(offer.priceMinor, currency)}`;
    case 'mix-cheapest':
      return `cheapest of ${offer.pieces} ${formatPercent(offer.percentHundredths)} off`;
    case 'mix-set':
      return `together ${formatMinor(offer.amountMinor, currency)} off`;
  }
};

/** `1000` → `10 %`, `1250` → `12.5 %`. */
const formatPercent = (percentHundredths: number): string =>
  `${formatDecimal(percentHundredths, 2).replace(/\.?0+$/, '')} %`;
