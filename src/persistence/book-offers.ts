import type { Offer, OfferTerms } from '../domain/offers.ts';
import type { Fields } from './book-fields.ts';
import type { CsvRow } from './csv-table.ts';

type OfferType = OfferTerms['type'];
type SetTerms = Extract<OfferTerms, { readonly type: 'mix-set' }>;

export const offerShape = {
  required: ['offer_id', 'name', 'type'],
  optional: ['price', 'percent', 'amount', 'pieces', 'set', 'group', 'member_only', 'valid_from', 'valid_to'],
} as const;

const termColumns = ['price', 'percent', 'amount', 'pieces', 'set', 'group'] as const;
const piecesMax = 1000;
/** 100 %, in hundredths of a percent. */
const percentMax = 10_000;

/** Offers of a book. A set is written as one row a group: each gets the list of all groups of its set. */
export const readOffers = (rows: readonly CsvRow[], fields: Fields): readonly Offer[] => {
  const offers = rows.map((row) => readOffer(row, fields));
  const sets = new Map<string, string[]>();
  for (const offer of offers) {
    if (offer.type === 'mix-set') sets.set(offer.set, [...(sets.get(offer.set) ?? []), offer.group]);
  }
  checkSets(rows, offers, fields);
  return offers.map((offer) =>
    offer.type === 'mix-set' ? { ...offer, groups: sets.get(offer.set)?.toSorted() ?? [] } : offer,
  );
};

const readOffer = (row: CsvRow, fields: Fields): Offer => {
  const type = row.cell('type');
  if (!isType(type))
    fields.wrong(row, 'type', `"${type}" is no type of offer: those are ${Object.keys(readers).join(', ')}`);
  const [validFrom, validTo] = [fields.moment(row, 'valid_from', 'first'), fields.moment(row, 'valid_to', 'last')];
  if (validFrom !== null && validTo !== null && validTo < validFrom) {
    fields.wrong(row, 'valid_to', 'is before valid_from: change one of them');
  }
  return {
    offerId: fields.id(row, 'offer_id'),
    name: fields.text(row, 'name'),
    validFrom,
    validTo,
    memberOnly: fields.flag(row, 'member_only', false),
    ...(isType(type) ? readTerms(row, type, fields) : { type: 'price', priceMinor: 0 }),
  };
};

interface TermsReader {
  /** Columns of the terms of this type; the others of `termColumns` stay empty. */
  readonly columns: readonly (typeof termColumns)[number][];
  readonly read: (row: CsvRow, fields: Fields) => OfferTerms;
}

const money = (row: CsvRow, column: string, fields: Fields): number =>
  positive(row, column, fields, fields.money(row, column, null));

const percent = (row: CsvRow, fields: Fields): number =>
  positive(row, 'percent', fields, fields.decimal(row, 'percent', 2, percentMax, null));

const readers: Readonly<Record<OfferType, TermsReader>> = {
  price: {
    columns: ['price'],
    read: (row, fields) => ({ type: 'price', priceMinor: fields.money(row, 'price', null) }),
  },
  percent: {
    columns: ['percent'],
    read: (row, fields) => ({ type: 'percent', percentHundredths: percent(row, fields) }),
  },
  amount: {
    columns: ['amount'],
    read: (row, fields) => ({ type: 'amount', amountMinor: money(row, 'amount', fields) }),
  },
  bundle: {
    columns: ['pieces', 'price'],
    read: (row, fields) => ({ type: 'bundle', pieces: pieces(row, fields), priceMinor: money(row, 'price', fields) }),
  },
  'mix-bundle': {
    columns: ['pieces', 'price'],
    read: (row, fields) => ({
      type: 'mix-bundle',
      pieces: pieces(row, fields),
      priceMinor: money(row, 'price', fields),
    }),
  },
  'mix-cheapest': {
    columns: ['pieces', 'percent'],
    read: (row, fields) => ({
      type: 'mix-cheapest',
      pieces: pieces(row, fields),
      percentHundredths: percent(row, fields),
    }),
  },
  'mix-set': {
    columns: ['set', 'group', 'amount'],
    read: (row, fields) => ({
      type: 'mix-set',
      set: fields.id(row, 'set'),
      group: fields.id(row, 'group'),
      // Known once all rows are read.
      groups: [],
      amountMinor: money(row, 'amount', fields),
    }),
  },
};

const isType = (text: string): text is OfferType => Object.hasOwn(readers, text);

const readTerms = (row: CsvRow, type: OfferType, fields: Fields): OfferTerms => {
  const { columns, read } = readers[type];
  for (const column of termColumns) {
    if (row.cell(column) === '' || columns.includes(column)) continue;
    fields.wrong(row, column, `is not for type ${type}: empty it`);
  }
  return read(row, fields);
};

/** An offer that takes nothing off is a mistake of the hand. */
const positive = (row: CsvRow, column: string, fields: Fields, value: number): number => {
  if (value === 0 && /^[0.,]+$/.test(row.cell(column)))
    fields.wrong(row, column, 'is zero: write what the offer gives');
  return value;
};

const pieces = (row: CsvRow, fields: Fields): number => {
  const count = fields.decimal(row, 'pieces', 0, piecesMax, null);
  if (/^[01]$/.test(row.cell('pieces')))
    fields.wrong(row, 'pieces', 'is less than two: an offer on each piece is price, percent or amount');
  return count;
};

/** Groups of a set are one offer to the customer: they cost, begin and end the same, and there are at least two. */
const checkSets = (rows: readonly CsvRow[], offers: readonly Offer[], fields: Fields): void => {
  const sets = new Map<string, (SetTerms & Offer)[]>();
  offers.forEach((offer, place) => {
    const row = rows[place];
    if (offer.type !== 'mix-set' || row === undefined) return;
    const earlier = sets.get(offer.set) ?? [];
    sets.set(offer.set, [...earlier, offer]);
    const [first] = earlier;
    if (first === undefined) return;
    if (earlier.some((other) => other.group === offer.group)) {
      fields.wrong(row, 'group', `"${offer.group}" stands twice in set ${offer.set}: one row a group`);
    }
    if (first.amountMinor !== offer.amountMinor)
      fields.wrong(row, 'amount', `differs from ${first.offerId} of the same set`);
    if (first.validFrom !== offer.validFrom)
      fields.wrong(row, 'valid_from', `differs from ${first.offerId} of the same set`);
    if (first.validTo !== offer.validTo) fields.wrong(row, 'valid_to', `differs from ${first.offerId} of the same set`);
    if (first.memberOnly !== offer.memberOnly)
      fields.wrong(row, 'member_only', `differs from ${first.offerId} of the same set`);
  });
  rows.forEach((row, place) => {
    const offer = offers[place];
    if (offer?.type !== 'mix-set' || (sets.get(offer.set)?.length ?? 0) > 1) return;
    fields.wrong(row, 'set', `"${offer.set}" has one group only: give it a second row`);
  });
};
