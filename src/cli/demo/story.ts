import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../../domain/address.ts';
import { assert } from '../../domain/errors.ts';
import type { Message } from '../../domain/message.ts';
import type { Accepted, Command } from '../../domain/ports.ts';
import type { Operator } from '../../domain/roles.ts';
import { openReadOnly, type Sqlite } from '../../persistence/database.ts';
import { verifyStore } from '../../persistence/verify.ts';
import { createUuids } from '../../uuid.ts';
import { createTillRecords } from '../sell/records.ts';
import { printerMemoryPath, terminalMemoryPath } from '../simulated-store.ts';
import { createEvidence, readPrinter, readTerminal, type Evidence } from './evidence.ts';
import { soundText } from '../verify.ts';
import { createTeller, type Teller } from './teller.ts';
import { startStoreChild, type StoreChild } from './store-child.ts';

const operator: Operator = { id: 'anna', role: 'supervisor' };
const counter: Address = 'counter/1';

/** The demo's only choices: who sells what. All that is told of it is read from the disk. */
const cashBasket = ['milk', 'bread'] as const;
const cardBasket = ['coffee', 'chocolate', 'soap'] as const;

/** A card is presented after a second; a restart asks at once. */
const waitMs = 15_000;
const lookEveryMs = 20;

interface Scene {
  readonly dataDir: string;
  readonly database: Sqlite;
  readonly evidence: Evidence;
  readonly teller: Teller;
  readonly newId: () => string;
}
interface CardSale {
  readonly orderId: string;
  readonly paymentId: string;
  /** The command, as it was sent. */
  readonly pay: Command;
  readonly head: number;
}

/** Tells the story of one pulled plug. True: everything was there once. `watch` is given each process, to end it in need. */
export const tellStory = async (dataDir: string, watch: (child: StoreChild) => void): Promise<boolean> => {
  const teller = createTeller();
  await teller.title(
    'Storefirst, and the plug',
    `A store of its own in ${dataDir}. The terminal is simulated, all else is real.`,
  );
  const first = await startStoreChild(dataDir, 'silent');
  watch(first);
  const database = openReadOnly(dataDir);
  const newId = createUuids(Date.now, randomBytes);
  const scene: Scene = { dataDir, database, evidence: createEvidence(database), teller, newId };
  try {
    await sellForCash(scene, first);
    const sale = await beginCard(scene, first);
    await pullPlug(scene, first, sale);
    const second = await startStoreChild(dataDir, 'approved');
    watch(second);
    await findAgain(scene, second, sale);
    await sayAgain(scene, second, sale);
    await second.kill();
    return await judge(scene, sale);
  } finally {
    database.close();
  }
};

const give = async ({ newId }: Scene, store: StoreChild, to: Address, event: Message): Promise<Accepted> =>
  accepted(await store.send(to, { id: newId(), operator, event }));

const accepted = (ack: Awaited<ReturnType<StoreChild['send']>>): Accepted => {
  assert(ack.ok, `the store takes the demo's commands: ${ack.ok ? '' : ack.detail}`);
  return ack;
};

/** Rings one product for each word, and gives the order. */
const ring = async (scene: Scene, store: StoreChild, words: readonly string[]): Promise<string> => {
  const records = createTillRecords(scene.database);
  const codes = words.flatMap((word) => records.find(word).slice(0, 1)).map(({ code }) => code);
  const rung = await give(scene, store, counter, { type: 'RING', items: codes.map((code) => ({ code })) });
  return String(rung.answer['orderId']);
};

const sellForCash = async (scene: Scene, store: StoreChild): Promise<void> => {
  const { teller, evidence } = scene;
  await teller.step('A sale for cash');
  await give(scene, store, 'store-day/main', { type: 'OPEN_DAY' });
  await give(scene, store, counter, { type: 'OPEN', floatMinor: 10_000 });
  const orderId = await ring(scene, store, cashBasket);
  await give(scene, store, counter, { type: 'PAY', tender: 'CASH', amountMinor: 2000 });
  teller.order(evidence.order(orderId));
  teller.payments(evidence.payments(orderId));
  teller.ledger(evidence.ledger(orderId));
};

const beginCard = async (scene: Scene, store: StoreChild): Promise<CardSale> => {
  const { teller, evidence, dataDir } = scene;
  await teller.step('A card payment begins');
  const orderId = await ring(scene, store, cardBasket);
  const pay: Command = { id: scene.newId(), operator, event: { type: 'PAY', tender: 'CARD' } };
  accepted(await store.send(counter, pay));
  const [payment] = evidence.payments(orderId);
  assert(payment !== undefined, 'a payment that was acknowledged is on disk');
  teller.payments([payment]);
  const memory = terminalMemoryPath(dataDir, '1');
  const charged = () => (existsSync(memory) ? readTerminal(memory).charges : []);
  await until(() => charged().some(({ reference }) => reference === payment.paymentId));
  teller.say('The customer presents the card. The terminal charges it, and its answer is still on its way:');
  teller.charges(charged(), evidence.order(orderId).currency);
  return { orderId, paymentId: payment.paymentId, pay, head: evidence.head() };
};

const pullPlug = async ({ teller, evidence }: Scene, store: StoreChild, { orderId }: CardSale): Promise<void> => {
  await teller.step(`The plug is pulled: SIGKILL to process ${store.pid}`);
  await store.kill();
  teller.say('On disk now: the terminal has the money, and the store does not know it.');
  teller.order(evidence.order(orderId));
  teller.payments(evidence.payments(orderId));
  teller.ledger(evidence.ledger(orderId));
};

const findAgain = async ({ teller, evidence, dataDir }: Scene, store: StoreChild, sale: CardSale): Promise<void> => {
  const { orderId, paymentId, head } = sale;
  await teller.step(`The store starts again: process ${store.pid}`);
  teller.found(store.found);
  const memory = terminalMemoryPath(dataDir, '1');
  await until(
    () => evidence.order(orderId).status === 'RECEIPTED' && readTerminal(memory).confirmed.includes(paymentId),
  );
  teller.say('Its journal, from there on: the terminal is asked, never charged again.');
  teller.journal(evidence.journal(head, [`payment/${paymentId}`, `order/${orderId}`, 'terminal/1', 'printer/1']));
};

const sayAgain = async ({ teller }: Scene, store: StoreChild, { pay }: CardSale): Promise<void> => {
  await teller.step('The till never got its answer through? It says the same again');
  teller.repeated(pay.id, await store.send(counter, pay));
};

/** Every figure from the disk, after everything has ended. */
const judge = async (scene: Scene, { orderId, paymentId }: CardSale): Promise<boolean> => {
  const { teller, evidence, database, dataDir } = scene;
  await teller.step('What is there in the end');
  const terminal = readTerminal(terminalMemoryPath(dataDir, '1'));
  const payments = evidence.payments(orderId);
  const receipts = evidence.receipts();
  const ledger = evidence.ledger(orderId);
  teller.paper(createTillRecords(database).receipt(orderId) ?? []);
  teller.payments(payments);
  teller.ledger(ledger);
  const counts = {
    'the terminal charged the card': terminal.charges.filter(({ reference }) => reference === paymentId).length,
    'the terminal heard that it is on our record': terminal.confirmed.filter((one) => one === paymentId).length,
    'a payment of this order counts': payments.filter(({ status }) => status === 'success').length,
    'a receipt number was given': receipts.filter((one) => one.orderId === orderId).length,
    'the receipt came out of the printer': readPrinter(printerMemoryPath(dataDir, '1')).filter(({ jobId }) =>
      jobId.startsWith(orderId),
    ).length,
  };
  teller.counts(counts);
  const verdict = verifyStore(database);
  teller.say(verdict.ok ? soundText(verdict) : `${verdict.table} ${verdict.key}: ${verdict.problem}`);
  const isOnce =
    Object.values(counts).every((times) => times === 1) &&
    terminal.charges.length === 1 &&
    receipts.every(({ number }, index) => number === index + 1) &&
    ledger.length === cardBasket.length &&
    verdict.ok;
  teller.verdict(isOnce ? 'Charged once, booked once, printed once.' : 'That is not right: see the figures above.');
  return isOnce;
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookEveryMs) {
    if (holds()) return;
    await sleep(lookEveryMs);
  }
  assert(false, 'the demo goes on in time');
};
