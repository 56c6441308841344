import { join } from 'node:path';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { createCatalog } from '../../src/persistence/catalog.ts';
import { openStore } from '../../src/persistence/database.ts';
import { roundsOf, type Figure } from '../figure.ts';
import { median, quantile, short } from '../statistics.ts';

const products = 100_000;
/** Fewer than the catalogue remembers, so that the second time is told apart from the first. */
const lookUps = 10_000;

export const lookup: Figure = {
  title: `A code among ${products.toLocaleString('en-US')} products`,
  async measure({ folder, mode, report }) {
    const opened = openStore(join(folder, 'store'));
    if ('reason' in opened) throw new Error(opened.detail);
    const { database } = opened;
    const catalog = createCatalog(database);
    const from = performance.now();
    catalog.importBook(bookOf(products), 0);
    const importSeconds = (performance.now() - from) / 1000;
    report(`imported in ${short(importSeconds)} s`);
    const raw = database
      .prepare<[string], number>(
        `SELECT price_minor FROM product_code c JOIN price p USING (price_book, product_id)
          WHERE price_book = (SELECT version FROM price_book WHERE active = 1) AND c.code = ?`,
      )
      .pluck();
    const rounds = Array.from({ length: roundsOf(mode) + 1 }, () => {
      const fresh = createCatalog(database);
      // A moment of its own for each: as if each were in a commit of its own, and asked anew which book is active.
      let at = Date.now();
      const ours = (code: string): unknown => fresh.lookUp(code, (at += 1)) ?? undefined;
      return { first: time(ours), again: time(ours), raw: time((code) => raw.get(code)) };
    }).slice(1); // the first one warms up
    opened.close();
    const row = (name: string, side: keyof (typeof rounds)[number]): readonly string[] => [
      name,
      short(median(rounds.map((round) => quantile(round[side], 0.5)))),
      short(median(rounds.map((round) => quantile(round[side], 0.99)))),
      side === 'raw' ? '' : `**${short(ratioOf(side))}**`,
      String(rounds.length),
    ];
    const ratioOf = (side: 'first' | 'again'): number =>
      median(rounds.map((round) => median(round[side]) / median(round.raw)));
    return {
      tables: [
        {
          columns: ['', 'p50 µs', 'p99 µs', 'p50 ÷ raw', 'rounds'],
          rows: [
            row('a product for the first time: product, prices, offers', 'first'),
            row('a product that was looked up before', 'again'),
            row('raw `SELECT` of the price by code', 'raw'),
          ],
        },
      ],
      notes: [
        `${lookUps.toLocaleString('en-US')} different codes a round, each at a moment of its own; a third of the products are in an offer. The whole book was taken over in ${short(importSeconds)} s.`,
      ],
      ratios: { 'first p50 ÷ raw': ratioOf('first'), 'again p50 ÷ raw': ratioOf('again') },
    };
  },
};

/** Microseconds of each. The stride is prime to the number of products: every part of the tree is visited. */
const time = (find: (code: string) => unknown): readonly number[] =>
  Array.from({ length: lookUps }, (_, index) => {
    const code = codeOf((index * 7919) % products);
    const from = performance.now();
    if (find(code) === undefined) throw new Error(`${code} is not found`);
    return (performance.now() - from) * 1000;
  });

/** The store's own numbers: they need no check digit. */
const codeOf = (index: number): string => String(1_000_000 + index);

const bookOf = (count: number): PriceBook => ({
  version: 'bench',
  currency: 'USD',
  effectiveAt: null,
  taxes: [{ id: 'A', name: 'Sales tax', rateMillionths: 80_000, inclusive: false }],
  departments: [{ departmentId: '1', name: 'Grocery', taxClass: 'A', discountable: true, ageLimit: null }],
  products: Array.from({ length: count }, (_, index) => ({
    productId: `P${index}`,
    codes: [],
    ownCodes: [codeOf(index)],
    description: `Product number ${index}`,
    department: '1',
    taxClass: 'A',
    discountable: true,
    weighed: false,
    tare: 0,
    depositMinor: 0,
    ageLimit: null,
  })),
  prices: Array.from({ length: count }, (_, index) => ({
    productId: `P${index}`,
    priceMinor: 100 + (index % 900),
    regularMinor: 100 + (index % 900),
    validFrom: null,
    validTo: null,
  })),
  offers: [
    {
      offerId: 'O',
      name: 'Five percent',
      type: 'percent',
      percentHundredths: 500,
      validFrom: null,
      validTo: null,
      memberOnly: false,
    },
  ],
  offerProducts: Array.from({ length: Math.floor(count / 3) }, (_, index) => ({
    offerId: 'O',
    productId: `P${index * 3}`,
  })),
});
