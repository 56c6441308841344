/** Where an actor is reached: `<kind>/<id>`. The id is chosen by the store (counter `3`) or is the id of the command that made it. */
export const actorKinds = [
  'counter',
  'order',
  'payment',
  'refund',
  'store-day',
  'printer',
  'terminal',
  'drawer',
  'scanner',
  'display',
] as const;

export type ActorKind = (typeof actorKinds)[number];
export type Address = `${ActorKind}/${string}`;

/** Ids travel in NATS subjects and URLs: no dots, blanks, wildcards or slashes. */
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export const address = (kind: ActorKind, id: string): Address => `${kind}/${id}`;

export const kindOf = (to: Address): ActorKind => to.slice(0, to.indexOf('/')) as ActorKind;

export const idOf = (to: Address): string => to.slice(to.indexOf('/') + 1);

/** Reads an address from outside; `null` where it names no kind of ours or an id that cannot travel. */
export const parseAddress = (text: string): Address | null => {
  const cut = text.indexOf('/');
  const kind = text.slice(0, cut);
  return actorKinds.some((known) => known === kind) && idPattern.test(text.slice(cut + 1)) ? (text as Address) : null;
};
