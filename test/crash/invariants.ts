import type { Sqlite } from '../../src/persistence/database.ts';
import { createShiftReports } from '../../src/persistence/shift-report.ts';
import type { DeviceTraces } from './simulated-devices.ts';
import type { Acknowledged } from './till.ts';
import { unfinished } from './unfinished.ts';
import { verifyStore } from './verify-store.ts';

/** What must not be: something lost, something doubled, or simply wrong. */
export interface Problem {
  readonly kind: 'lost' | 'doubled' | 'wrong';
  readonly text: string;
}

export interface Evidence {
  readonly database: Sqlite;
  readonly traces: DeviceTraces;
  readonly acknowledged: readonly Acknowledged[];
}

/** The invariants of DESIGN.md 9, from the data file, from the devices' own memories, and from what the client was told. */
export const findProblems = (evidence: Evidence): readonly Problem[] => [
  ...checkBooks(evidence),
  ...checkMoney(evidence),
  ...checkCards(evidence),
  ...checkGoods(evidence),
  ...checkReceipts(evidence),
  ...checkPaper(evidence),
  ...checkDrawers(evidence),
  ...checkShifts(evidence),
  ...checkAcknowledged(evidence),
];

const problems =
  (kind: Problem['kind']) =>
  (texts: readonly string[]): readonly Problem[] =>
    texts.map((text) => ({ kind, text }));
const lost = problems('lost');
const doubled = problems('doubled');
const wrong = problems('wrong');

const names = ({ database }: Evidence, sql: string): readonly string[] =>
  database.prepare<[], string>(sql).pluck().all();

/** Each that stands more than once. */
const twins = (values: readonly string[]): readonly string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

const checkBooks = (evidence: Evidence): readonly Problem[] => [
  ...wrong(verifyStore(evidence.database)),
  ...wrong(names(evidence, `SELECT address || ' stopped at ' || event || ': ' || error FROM fault`)),
  ...wrong(unfinished(evidence.database, 'everything')),
];

const checkMoney = (evidence: Evidence): readonly Problem[] =>
  wrong([
    ...names(
      evidence,
      `SELECT 'order ' || order_id || ' is ' || status || ' over ' || owed || ' and got ' || got FROM (
         SELECT o.order_id, o.status,
                CASE WHEN o.status IN ('PAID', 'RECEIPTED') THEN o.total_amount ELSE 0 END AS owed,
                coalesce((SELECT sum(p.tendered - p.change_given) FROM payments p
                           WHERE p.order_id = o.order_id AND p.status = 'success'), 0) AS got
           FROM orders o)
        WHERE owed <> got`,
    ),
    ...names(
      evidence,
      `SELECT 'day ' || d.business_date || ' owes ' || owed || ' and got ' || got FROM (
         SELECT business_date,
                (SELECT coalesce(sum(total_amount), 0) FROM orders o
                  WHERE o.business_date = s.business_date AND o.status IN ('PAID', 'RECEIPTED')) AS owed,
                (SELECT coalesce(sum(tendered - change_given), 0) FROM payments p
                  WHERE p.business_date = s.business_date AND p.status = 'success') AS got
           FROM store_day s) d
        WHERE owed <> got`,
    ),
  ]);

interface CardRow {
  readonly payment_id: string;
  readonly status: string;
  readonly order_status: string;
  readonly amount: number;
}

/** The terminal's own book against ours. */
function checkCards({ database, traces }: Evidence): readonly Problem[] {
  const rows = database
    .prepare<[], CardRow>(
      `SELECT p.payment_id, p.status, p.amount, o.status AS order_status
         FROM payments p JOIN orders o USING (order_id) WHERE p.method = 'card'`,
    )
    .all();
  const byReference = new Map(rows.map((row) => [row.payment_id, row]));
  const standing = traces.charges.filter(({ state }) => state !== 'reversed');
  const charged = new Set(standing.map(({ reference }) => reference));
  const twice = twins(traces.charges.map(({ reference }) => reference));
  const unaccounted = standing.filter(({ reference, kind, amountMinor }) => {
    const row = byReference.get(reference);
    const signed = kind === 'refund' ? -amountMinor : amountMinor;
    return row?.status !== 'success' || row.amount !== signed || row.order_status === 'CANCELLED';
  });
  const invented = rows.filter(({ status, payment_id }) => status === 'success' && !charged.has(payment_id));
  const unconfirmed = standing.filter(({ state }) => state === 'approved');
  return [
    ...doubled(twice.map((reference) => `the card of ${reference} was charged more than once`)),
    ...lost(unaccounted.map(({ reference }) => `the charge ${reference} stands on no order`)),
    ...wrong(invented.map(({ payment_id }) => `payment ${payment_id} counts, and no card was charged for it`)),
    ...wrong(unconfirmed.map(({ reference }) => `the charge ${reference} was never confirmed to its terminal`)),
  ];
}

const checkGoods = (evidence: Evidence): readonly Problem[] => [
  ...doubled(
    names(
      evidence,
      `SELECT 'order ' || json_extract(payload, '$.orderId') || ' was paid more than once' FROM fact
        WHERE type = 'order.paid' GROUP BY json_extract(payload, '$.orderId') HAVING count(*) > 1`,
    ),
  ),
  ...wrong(
    names(
      evidence,
      `SELECT DISTINCT 'goods of ' || reference_id || ' moved, and it was not paid' FROM inventory_ledger
        WHERE reference_id NOT IN (SELECT order_id FROM orders WHERE status IN ('PAID', 'RECEIPTED'))`,
    ),
  ),
  ...lost(
    names(
      evidence,
      `SELECT 'goods of ' || order_id || ' did not move' FROM orders
        WHERE status IN ('PAID', 'RECEIPTED') AND order_id NOT IN (SELECT reference_id FROM inventory_ledger)`,
    ),
  ),
];

const checkReceipts = (evidence: Evidence): readonly Problem[] => [
  ...lost(
    names(
      evidence,
      `SELECT 'counter ' || terminal_id || ' gave ' || count(*) || ' receipts up to number ' || max(number)
         FROM receipt GROUP BY terminal_id HAVING count(*) <> max(number) OR min(number) <> 1`,
    ),
  ),
  ...wrong(
    names(
      evidence,
      `SELECT 'order ' || order_id || ' is ' || status || ' and has ' || count(number) || ' receipts'
         FROM orders LEFT JOIN receipt USING (order_id) GROUP BY order_id
       HAVING count(number) <> (status IN ('PAID', 'RECEIPTED'))`,
    ),
  ),
];

interface ReceiptRow {
  readonly order_id: string;
  readonly receipt: string;
}

/** The rolls of the printers against the receipts. */
function checkPaper({ database, traces }: Evidence): readonly Problem[] {
  const receipts = database
    .prepare<[], ReceiptRow>(`SELECT order_id, order_id || ' ' || number AS receipt FROM receipt`)
    .all();
  const known = new Set(receipts.map(({ receipt }) => receipt));
  const sheets = traces.sheets.map((sheet) => ({ ...sheet, orderId: sheet.jobId.replace(/-copy-\d+$/, '') }));
  const originals = twins(sheets.filter(({ copy, whole }) => whole && !copy).map(({ orderId }) => orderId));
  const unknown = sheets.filter(({ orderId, receiptNumber }) => !known.has(`${orderId} ${receiptNumber}`));
  const onPaper = new Set(sheets.filter(({ whole }) => whole).map(({ orderId }) => orderId));
  const missing = receipts.filter(({ order_id }) => !onPaper.has(order_id));
  const unmarked = sheets.filter(({ copy, lines }) => copy !== lines.some((line) => line.includes('COPY')));
  return [
    ...doubled(originals.map((orderId) => `two originals of ${orderId} are on paper`)),
    ...wrong(unknown.map(({ jobId }) => `${jobId} is on paper and in no book`)),
    ...lost(missing.map(({ order_id }) => `no receipt of ${order_id} is on paper`)),
    ...wrong(unmarked.map(({ jobId }) => `the paper of ${jobId} does not say rightly whether it is a copy`)),
  ];
}

function checkDrawers(evidence: Evidence): readonly Problem[] {
  const known = new Set(
    names(evidence, 'SELECT order_id FROM receipt UNION ALL SELECT movement_id FROM till_movement'),
  );
  const { kicks } = evidence.traces;
  return [
    ...doubled(twins(kicks).map((kick) => `the drawer opened twice for ${kick}`)),
    ...wrong(
      kicks.filter((kick) => !known.has(kick)).map((kick) => `the drawer opened for ${kick}, of which no book knows`),
    ),
  ];
}

interface ShiftRow {
  readonly shift_id: string;
  readonly report: string;
}

function checkShifts(evidence: Evidence): readonly Problem[] {
  const { database } = evidence;
  const reportOf = createShiftReports(database);
  const closed = database.prepare<[], ShiftRow>(`SELECT shift_id, report FROM shift WHERE status = 'closed'`).all();
  const changed = closed.filter(({ shift_id, report }) => sorted(JSON.parse(report)) !== sorted(reportOf(shift_id)));
  return [
    ...wrong(changed.map(({ shift_id }) => `the Z report of ${shift_id} is not what its rows come to`)),
    ...lost(
      names(
        evidence,
        `SELECT 'counter ' || terminal_id || ' has ' || count(*) || ' Z reports up to number ' || max(z_number)
           FROM shift WHERE z_number IS NOT NULL GROUP BY terminal_id HAVING count(*) <> max(z_number)`,
      ),
    ),
  ];
}

/** JSON with its keys in order. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

function checkAcknowledged({ database, acknowledged }: Evidence): readonly Problem[] {
  const stored = database.prepare<[string], string>('SELECT ack FROM inbox WHERE command_id = ?').pluck();
  const turns = database.prepare<[string], number>('SELECT sequence FROM journal WHERE message_id = ?').pluck();
  return acknowledged.flatMap(({ to, event, ack }) => {
    const name = `${to} ${event} (${ack.id})`;
    const rows = turns.all(ack.id);
    const first = rows[0];
    return [
      ...(stored.get(ack.id) === JSON.stringify(ack) ? [] : lost([`the answer to ${name} is not what the client got`])),
      ...(first !== undefined && first <= ack.sequence
        ? []
        : lost([`${name} was acknowledged and is not in the journal`])),
      ...(rows.length > 1 ? doubled([`${name} was done ${rows.length} times`]) : []),
    ];
  });
}
