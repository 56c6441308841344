import { openFixture } from './store-program.ts';
import { storeAcceptance } from './store.ts';

storeAcceptance('in the store’s own process', async () => {
  const { program, code, turnsOf, close } = await openFixture();
  const { runtime, newId } = program;
  return { store: runtime, another: () => Promise.resolve(runtime), newId, code, turnsOf, close };
});
