/** Every bound of the store's wire, and what happens at it. Both sides know them; docs/bus.md shows them. */
export const wireLimits = {
  /** Body of a request; a longer one is refused as `bad-command`. The largest command is a RING of 100 long codes. */
  requestBytes: 64 * 1024,
  /** Brackets within brackets in a request; deeper ones are refused as `bad-command`. */
  requestDepth: 16,
  /** Requests that the store works on at once; above it, `busy`. */
  requestsInFlight: 1000,
  /** Addresses in one filter; more are refused as `bad-command`. */
  filterAddresses: 100,
  /** Changes in one page; who asks for more gets so many. */
  pageChanges: 200,
  /** Turns that one page looks through: a filter that matches nothing must not stop the store while it reads its life. */
  pageTurns: 500,
  /** A page ends before it grows beyond this; nats-server takes 1 MB. */
  pageBytes: 512 * 1024,
  /** A change with a larger view is told without its view: read it. */
  changeBytes: 256 * 1024,
  /** Publications on their way to nats-server; above it none is sent until they are through, and followers catch up. */
  publicationsInFlight: 1000,
  publicationBytesInFlight: 8 * 1024 * 1024,
  /** How often the store tells its head: by then the loss of a last publication is noticed. */
  headEveryMs: 5000,
  /** Live changes that a follower keeps while it catches up; above it they are let go and read from the store instead. */
  liveBuffer: 256,
  /** Actors whose revision a follower remembers; of the ones forgotten, the next change costs one page. */
  followedActors: 10_000,
  /** Subscriptions of one client; one more throws. nats-server takes 4096 subjects a connection. */
  subscriptions: 64,
  /** Requests of one client that wait for an answer; above it, `busy`. */
  clientRequestsInFlight: 1000,
} as const;
