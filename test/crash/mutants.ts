import type { CardRequest } from '../../src/domain/card.ts';
import type { DrawerKick, PrintRequest } from '../../src/domain/effects.ts';
import { idOf } from '../../src/domain/address.ts';
import type { Commit, Journal, StoredEffect } from '../../src/domain/journal.ts';
import type { Device, Devices } from '../../src/domain/ports.ts';
import type { Mutant } from './protocol.ts';

export interface Parts {
  readonly wrapJournal: (journal: Journal) => Journal;
  readonly devices: Devices;
}

/**
 * Makes a store wrong in one way. None shows as long as nothing dies: only the crash run can tell, and must.
 * `plain` are the devices without points, for what the mutant does behind everybody's back.
 */
export function mutate(mutant: Mutant, parts: Parts, plain: Devices): Parts {
  switch (mutant) {
    case 'effect-before-commit':
      return effectBeforeCommit(parts, plain);
    case 'charges-again':
      return repeatsLeft(parts, plain, ['authorizeCard']);
    case 'repeats-left-calls':
      return repeatsLeft(parts, plain, ['printReceipt', 'openDrawer']);
    case 'forgets-answers':
      return { ...parts, wrapJournal: (journal) => forgetsAnswers(parts.wrapJournal(journal)) };
    case 'acknowledges-early':
      return { ...parts, wrapJournal: (journal) => commitsLater(parts.wrapJournal(journal)) };
  }
}

/** Paper and drawer move first, then the commit. */
function effectBeforeCommit({ wrapJournal, devices }: Parts, plain: Devices): Parts {
  const done = new Map<string, Promise<unknown>>();
  const perform = ({ type, address, params }: StoredEffect): void => {
    const printer = plain.printers.get(idOf(address));
    const drawer = plain.drawers.get(idOf(address));
    if (type === 'printReceipt' && printer !== undefined) {
      done.set((params as PrintRequest).jobId, printer.print(params as PrintRequest));
    }
    if (type === 'openDrawer' && drawer !== undefined) {
      done.set((params as DrawerKick).kickId, drawer.open(params as DrawerKick));
    }
  };
  const instead = <T>(key: string, call: () => Promise<T>): Promise<T> =>
    (done.get(key) as Promise<T> | undefined) ?? call();
  return {
    wrapJournal: (journal) => {
      const wrapped = wrapJournal(journal);
      return {
        ...wrapped,
        commit(commit) {
          commit.effects.forEach(perform);
          return wrapped.commit(commit);
        },
      };
    },
    devices: {
      ...devices,
      printers: mapValues(devices.printers, (printer) => ({
        ...printer,
        print: (request) => instead(request.jobId, () => printer.print(request)),
      })),
      drawers: mapValues(devices.drawers, (drawer) => ({
        ...drawer,
        open: (kick) => instead(kick.kickId, () => drawer.open(kick)),
      })),
    },
  };
}

/** What the last life left is performed again instead of asked about, as soon as the line is up. */
function repeatsLeft({ wrapJournal, devices }: Parts, plain: Devices, types: readonly StoredEffect['type'][]): Parts {
  let left: readonly StoredEffect[] = [];
  const takeLeft = (kind: string, id: string): readonly StoredEffect[] => {
    const taken = left.filter(({ address }) => address === `${kind}/${id}`);
    left = left.filter((effect) => !taken.includes(effect));
    return taken;
  };
  const again = async ({ type, address, params }: StoredEffect): Promise<void> => {
    const id = idOf(address);
    if (type === 'authorizeCard') await plain.terminals.get(id)?.authorize(params as CardRequest);
    if (type === 'printReceipt') await plain.printers.get(id)?.print(params as PrintRequest);
    if (type === 'openDrawer') await plain.drawers.get(id)?.open(params as DrawerKick);
  };
  const onConnect = <D extends Device>(kind: string, all: ReadonlyMap<string, D>): ReadonlyMap<string, D> =>
    mapValues(all, (device, id) => ({
      ...device,
      async connect(listener) {
        const connected = await device.connect(listener);
        for (const effect of takeLeft(kind, id)) await again(effect);
        return connected;
      },
    }));
  return {
    wrapJournal: (journal) => {
      left = journal.unfinished().effects.filter(({ type }) => types.includes(type));
      return wrapJournal(journal);
    },
    devices: {
      ...devices,
      terminals: onConnect('terminal', devices.terminals),
      printers: onConnect('printer', devices.printers),
      drawers: onConnect('drawer', devices.drawers),
    },
  };
}

/** A command that comes again is done again. */
const forgetsAnswers = (journal: Journal): Journal => ({
  ...journal,
  answered: () => null,
  commit: (commit) =>
    journal.commit({
      ...commit,
      answers: commit.answers.filter(({ commandId }) => journal.answered(commandId) === null),
    }),
});

/** The client hears first, the disk a moment later. */
function commitsLater(journal: Journal): Journal {
  const waiting: Commit[] = [];
  const flush = (): void => {
    for (const commit of waiting.splice(0)) journal.commit(commit);
  };
  const head = (): number => journal.head() + waiting.reduce((sum, { turns }) => sum + turns.length, 0);
  return {
    ...journal,
    head,
    commit(commit) {
      const first = head() + 1;
      waiting.push(commit);
      // Ten turns of the loop: long enough for the acknowledgement to leave.
      later(10, flush);
      return first;
    },
  };
}

const later = (turns: number, call: () => void): void =>
  void setImmediate(turns === 0 ? call : () => later(turns - 1, call));

const mapValues = <D>(all: ReadonlyMap<string, D>, change: (one: D, id: string) => D): ReadonlyMap<string, D> =>
  new Map([...all].map(([id, one]) => [id, change(one, id)]));
