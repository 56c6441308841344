import { describe } from 'vitest';
import { realNatsServer } from '../bus/real-nats-server.ts';
import { openBusFixture } from './store-over-nats.ts';
import { storeAcceptance } from './store.ts';

describe.skipIf(!realNatsServer.ok)('with a real nats-server', () => {
  storeAcceptance('over NATS', async () => {
    const fixture = await openBusFixture();
    const { program, code, turnsOf, close } = fixture;
    const store = await fixture.client();
    return { store, another: () => fixture.client(), newId: program.newId, code, turnsOf, close };
  });
});
