import { assert } from '../domain/errors.ts';
import { inboxPrefix, isSubjectToken } from './subjects.ts';

/** What a user of the store's nats-server may do. Wildcards are those of NATS; an empty list allows nothing. */
export interface NatsUser {
  readonly user: string;
  /** Plain, or a bcrypt hash (`$2a$…`). */
  readonly password: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export interface NatsLogin {
  readonly user: string;
  readonly password: string;
}

/** The store program itself: answers everybody, so it may do everything. */
export const storeUser = ({ user, password }: NatsLogin): NatsUser => ({
  user,
  password,
  publish: ['>'],
  subscribe: ['>'],
});

/** A frontend: gives commands, reads, follows states; gets answers in its own inbox only. */
export const frontendUser = ({ user, password }: NatsLogin, storeId: string): NatsUser => {
  assert(isSubjectToken(user) && isSubjectToken(storeId), 'the names of users and stores are subject tokens');
  const own = `store.${storeId}`;
  return {
    user,
    password,
    publish: [`${own}.cmd.>`, `${own}.read.>`, `${own}.changes`],
    subscribe: [`${own}.state.>`, `${inboxPrefix(user)}.>`],
  };
};
