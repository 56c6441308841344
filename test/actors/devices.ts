import type { CardApproval } from '../../src/domain/card.ts';
import type { Devices } from '../../src/domain/ports.ts';

/** Devices that note each call and answer as they are told to: at once, later, or never. */
export interface DeskDevices {
  readonly devices: Devices;
  /** `terminal authorize p1`, `printer print o1`, … in the order of the calls. */
  readonly calls: string[];
  /** What a verb answers from now on; a promise that is never fulfilled for a device that is silent. */
  readonly answers: Record<Verb, () => Promise<{ readonly outcome: string }>>;
}
type Verb =
  | 'connect'
  | 'authorize'
  | 'confirm'
  | 'query'
  | 'reverse'
  | 'refund'
  | 'abort'
  | 'print'
  | 'queryPrint'
  | 'open'
  | 'show';

export const silent = (): Promise<never> => new Promise<never>(() => {});
const says = (outcome: string) => () => Promise.resolve({ outcome });

export const approval = (amountMinor: number): CardApproval => ({
  authCode: '123456',
  maskedPan: '************1234',
  scheme: 'test',
  terminalReceipt: '77',
  amountMinor,
});

/** One of each for every counter, all of which answer well. `calls` goes on where the last ones left it. */
export function createDeskDevices(counters: readonly string[], calls: string[] = []): DeskDevices {
  const answers: DeskDevices['answers'] = {
    connect: says('connected'),
    authorize: says('approved'),
    confirm: says('confirmed'),
    query: says('not-found'),
    reverse: says('reversed'),
    refund: says('approved'),
    abort: says('aborting'),
    print: says('printed'),
    queryPrint: says('not-found'),
    open: says('opened'),
    show: says('shown'),
  };
  const charges = async (verb: Verb, amountMinor: number) => {
    const { outcome } = await answers[verb]();
    return outcome === 'approved' ? { ...approval(amountMinor), outcome } : { outcome, reason: 'declined' };
  };
  const call = <O>(verb: Verb, name: string): Promise<O> => {
    calls.push(name);
    return answers[verb]() as Promise<unknown> as Promise<O>;
  };
  const common = (kind: string) => ({
    connect: () => call<{ outcome: 'connected' }>('connect', `${kind} connect`),
    close: () => Promise.resolve(),
  });
  const charge = (verb: 'authorize' | 'refund' | 'query', reference: string, amountMinor: number) => {
    calls.push(`terminal ${verb} ${reference}`);
    return charges(verb, amountMinor) as Promise<never>;
  };
  const mapOf = <D>(device: D): ReadonlyMap<string, D> => new Map(counters.map((id) => [id, device]));

  const devices: Devices = {
    terminals: mapOf({
      ...common('terminal'),
      authorize: ({ reference, amountMinor }) => charge('authorize', reference, amountMinor),
      refund: ({ reference, amountMinor }) => charge('refund', reference, amountMinor),
      query: ({ reference }) => charge('query', reference, 1_000),
      confirm: ({ reference }) => call('confirm', `terminal confirm ${reference}`),
      reverse: ({ reference }) => call('reverse', `terminal reverse ${reference}`),
      abort: ({ reference }) => call('abort', `terminal abort ${reference}`),
    }),
    printers: mapOf({
      ...common('printer'),
      print: ({ jobId }) => call('print', `printer print ${jobId}`),
      query: ({ jobId }) => call('queryPrint', `printer query ${jobId}`),
    }),
    drawers: mapOf({ ...common('drawer'), open: ({ kickId }) => call('open', `drawer open ${kickId}`) }),
    displays: mapOf({ ...common('display'), show: ({ top }) => call('show', `display show ${top}`) }),
    scanners: mapOf(common('scanner')),
  };
  return { devices, calls, answers };
}
