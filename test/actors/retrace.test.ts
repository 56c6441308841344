import { expect, it } from 'vitest';
import { kinds } from '../../src/actors/kinds.ts';
import { createStepper } from '../../src/actors/step.ts';
import { kindOf, type Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import { openShop, type Desk } from './desk.ts';
import { createChance, createStormDevices, plug, storm } from './storm.ts';

interface TurnRow {
  readonly address: Address;
  readonly event: string;
  readonly operator: string;
  readonly role: string;
  readonly at: number;
}

/** Feeds every turn of the journal to the machines again, from empty. Nothing else is read: no price book, no clock, no ids. */
function retrace({ database }: Desk): ReadonlyMap<Address, unknown> {
  const snapshots = new Map<Address, ReturnType<ReturnType<typeof createStepper>['step']>['snapshot']>();
  const steppers = new Map<string, ReturnType<typeof createStepper>>();
  const stepperOf = (of: Address) => {
    const known = steppers.get(kindOf(of)) ?? createStepper(kinds[kindOf(of)]);
    steppers.set(kindOf(of), known);
    return known;
  };
  for (const row of database.prepare<[], TurnRow>('SELECT * FROM journal ORDER BY sequence').all()) {
    const stepper = stepperOf(row.address);
    const event = { ...(JSON.parse(row.event) as Message), at: row.at, by: { id: row.operator, role: row.role } };
    snapshots.set(row.address, stepper.step(snapshots.get(row.address) ?? stepper.initial, event).snapshot);
  }
  return new Map(
    [...snapshots].map(([of, snapshot]) => [
      of,
      JSON.parse(JSON.stringify(stepperOf(of).persist(snapshot))) as unknown,
    ]),
  );
}

const standing = ({ database }: Desk): ReadonlyMap<string, unknown> =>
  new Map(
    database
      .prepare<[], { address: string; snapshot: string }>('SELECT address, snapshot FROM actor')
      .all()
      .map(({ address, snapshot }) => [address, JSON.parse(snapshot) as unknown]),
  );

it.each([11, 12, 13])(
  'seed %i: the journal, fed to the machines again from empty, ends in every snapshot on disk, power cuts and all (N5)',
  async (seed) => {
    const chance = createChance(seed);
    let shop = await openShop({ desk: createStormDevices(chance) });
    for (let round = 0; round < 3; round += 1) {
      await storm(shop, chance, 200);
      shop = await plug(shop, chance);
    }
    const stands = standing(shop);
    expect(stands.size).toBeGreaterThan(50);
    expect(retrace(shop)).toEqual(stands);
  },
);
