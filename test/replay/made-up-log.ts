import type { TillRow, TillTransaction } from '../../src/cli/replay/till-log.ts';

/** A log of our own making: two days of three cashiers, with every kind of row that a till's log has. */

type Row = Partial<TillRow>;

let seconds = 0;
const stamp = (row: Row): TillRow => {
  seconds += 3;
  return { datetime: new Date(seconds * 1000).toISOString().slice(11, 19), ...row };
};

export const item = (upc: string, unitPrice: string, over: Row = {}): Row => {
  const quantity = over.quantity ?? '1';
  const total = over.total ?? (Number(quantity) * Number(unitPrice)).toFixed(2);
  const base = { upc, description: `Item ${upc}`, trans_type: 'I', department: '10', regPrice: unitPrice };
  return { ...base, discountable: '1', ItemQtty: quantity, quantity, unitPrice, ...over, total };
};
export const voided = (row: Row, over: Row = {}): Row => ({
  ...row,
  trans_status: 'V',
  quantity: String(-Number(row.quantity)),
  total: (-Number(row.total)).toFixed(2),
  ...over,
});
export const ring = (department: string, amount: string, over: Row = {}): Row => ({
  upc: `${amount}DP${department}`,
  description: `Department ${department}`,
  trans_type: 'D',
  department,
  quantity: '1',
  unitPrice: amount,
  total: amount,
  ...over,
});
export const tender = (code: string, total: string, over: Row = {}): Row => ({
  description: code,
  trans_type: 'T',
  trans_subtype: code,
  total,
  ...over,
});
const change = (total: string): Row => tender('CA', total);
export const tax = (total: string): Row => ({ upc: 'TAX', description: 'Tax', trans_type: 'A', total });
export const discount = (total: string): Row => ({
  upc: 'DISCOUNT',
  trans_type: 'I',
  quantity: '1',
  unitPrice: total,
  total,
});
const words = (description: string, over: Row = {}): Row => ({
  description,
  trans_type: 'C',
  trans_status: 'D',
  ...over,
});

let numbers = 0;
export const basket = (day: number, cashier: string, kind: string, ...rows: readonly Row[]): TillTransaction => {
  numbers += 1;
  return { day, cashier, transNo: String((numbers % 20) + 1), kind, rows: rows.map(stamp) };
};
const bought = (day: number, cashier: string, ...rows: readonly Row[]): TillTransaction =>
  basket(day, cashier, 'completed', ...rows);

const soap = item('0001111111111', '2.00', { tax: '1' });
const bread = item('0002222222222', '3.50');
const tea = item('0003333333333', '4.99');
const banana = item('0000000004011', '0.99', { quantity: '1.33', scale: '1', total: '1.32' });
/** 0.3 × 3.35 = 1.005: the old till's float said 1.00. */
const nuts = item('0000000000362', '3.35', { quantity: '0.3', scale: '1', total: '1.00' });
const salad = item('0027414000000', '3.76', { tax: '2', description: 'Salad by label' });
const cookies = item('0000000006000', '9.49', { ItemQtty: '6', volDiscType: '2', VolSpecial: '9.49' });
const cookie = item('0000000006000', '1.59', { volDiscType: '2', VolSpecial: '9.49' });
const { discountable: _no, ...jug } = item('0000009999904', '-2.50', { description: 'Jug return' });
const special = (amount: string): Row =>
  item('0003333333333', amount, { trans_status: 'M', discountable: '3', description: 'Member special' });
const donated: Row = { upc: 'RRR', description: '1 RRR DONATED', trans_type: 'I' };

const left = [bread, tea].map(stamp);

export const madeUpLog: readonly TillTransaction[] = [
  // Items, a weighed one, the label's price; cash with change.
  bought(
    1,
    '37',
    soap,
    bread,
    banana,
    salad,
    words('Subtotal'),
    tender('CA', '-20'),
    change('8.88'),
    discount('0'),
    tax('0.54'),
  ),
  // A half-cent tie: ours is a cent more than what was paid.
  bought(1, '37', nuts, nuts, tender('CC', '-2.00'), change('0'), discount('0'), tax('0')),
  // A void of a line, one of no line, a refund, a department and one that goes back.
  bought(
    1,
    '37',
    bread,
    tea,
    voided(bread),
    voided(item('0002222222222', '9.99')),
    ring('150', '12.00'),
    tender('CK', '-7.00'),
    discount('0'),
    tax('0'),
  ),
  bought(
    1,
    '37',
    { ...voided(tea), trans_status: 'R' },
    { ...voided(ring('150', '2.00')), trans_status: 'R' },
    tender('CA', '0'),
    change('6.99'),
    discount('0'),
    tax('0'),
  ),
  // A basket discount of 10 % before tax, a manufacturer's coupon, an in-store coupon, a member special, a jug.
  bought(
    1,
    '90',
    { ...soap, percentDiscount: '10' },
    { ...tea, percentDiscount: '10' },
    { ...special('-0.99'), percentDiscount: '10' },
    {
      upc: '0049999900018',
      description: 'Coupon',
      trans_type: 'I',
      trans_subtype: 'IC',
      trans_status: 'C',
      quantity: '1',
      unitPrice: '-0.50',
      total: '-0.50',
    },
    jug,
    tender('CP', '-1.00', { trans_status: 'C', upc: '0059162799276' }),
    tender('MI', '-1.54'),
    change('0'),
    discount('-0.60'),
    tax('0.14'),
  ),
  // Quantity pricing, and a single one at its price.
  bought(1, '90', cookie, cookies, donated, tender('CC', '-11.08'), change('0'), discount('0'), tax('0')),
  // Suspended here …
  { ...basket(1, '90', 'cancelled_or_suspended'), rows: left.map((row) => ({ ...row, trans_status: 'X' })) },
  basket(1, '90', 'cancelled_or_suspended', { ...soap, trans_status: 'X' }),
  // … and taken up again there.
  {
    ...bought(1, '44'),
    rows: [
      ...left,
      ...[soap, tender('GD', '-5.00'), tender('CA', '-10'), change('4.35'), discount('0'), tax('0.16')].map(stamp),
    ],
  },
  basket(1, '44', 'other', donated),
  // Food stamps: all that is taxed is free of tax; then only what they may buy.
  bought(
    1,
    '44',
    { ...soap, foodstamp: '1' },
    words(' Fs Tax Exempt '),
    tender('EF', '-2.00'),
    change('0'),
    discount('0'),
    tax('0'),
  ),
  bought(
    1,
    '44',
    { ...soap, foodstamp: '1' },
    soap,
    words(' Fs Tax Exempt '),
    tender('EF', '-2.00'),
    tender('CA', '-2.16'),
    discount('0'),
    tax('0.16'),
  ),
  // Training counts nowhere.
  basket(1, '9999', 'training', tea, tender('CC', '-4.99'), change('0'), discount('0'), tax('0')),
  // The next day: another price, a tender that was taken back, several tenders, an unknown one, cash back on a check.
  bought(
    2,
    '37',
    item('0002222222222', '3.75'),
    tender('CC', '-3.75'),
    tender('CC', '3.75', { trans_status: 'V' }),
    tender('CK', '-20'),
    change('16.25'),
    discount('0'),
    tax('0'),
  ),
  bought(
    2,
    '37',
    bread,
    item('0002222222222', '3.75'),
    tender('ZZ', '-3.00'),
    tender('EC', '-4.25'),
    change('0'),
    discount('0'),
    tax('0'),
  ),
  // Two labels of one article: only one of them can be the book's price.
  bought(
    2,
    '37',
    salad,
    { ...salad, unitPrice: '4.10', total: '4.10' },
    tender('CC', '-8.66'),
    change('0'),
    discount('0'),
    tax('0.80'),
  ),
  // A refund by two tenders, one of them a card.
  bought(
    2,
    '37',
    { ...voided(item('0003333333333', '4.99')), trans_status: 'R' },
    tender('MI', '2.00'),
    tender('CC', '2.99'),
    change('0'),
    discount('0'),
    tax('0'),
  ),
  // Finished twice, with rows missing; a kind of row, a kind of transaction and a tax class that nobody has seen.
  bought(2, '37', tea, tender('CC', '-9.99'), discount('0'), tax('0'), discount('0'), tax('0')),
  bought(
    2,
    '90',
    item('0005555555555', '1.00', { tax: '7' }),
    { trans_type: 'Q', total: '3' },
    tender('CA', '-1.00'),
    discount('0'),
    tax('0'),
  ),
  basket(2, '90', 'strange', tea),
  // Coupons turned into cash, and nothing at all.
  bought(
    2,
    '90',
    donated,
    tender('CP', '-1', { trans_status: 'C' }),
    tender('CP', '-1'),
    change('2'),
    discount('0'),
    tax('0'),
  ),
  bought(2, '90', words('Subtotal'), tender('CK', '0'), change('0'), discount('0'), tax('0')),
];
