// A store process of the demo: the very shop that `storefirst start` runs, told by its parent instead of over NATS.
import { readConfig } from '../../config.ts';
import { openShop } from '../open-shop.ts';
import type { FromStore, ToStore } from './wire.ts';

const tell = (message: FromStore): void => void process.send?.(message);

const config = readConfig(process.env);
const shop = 'reason' in config ? config : await openShop(config, () => undefined);
if ('reason' in shop) {
  tell({ type: 'failed', detail: shop.detail });
  process.disconnect();
} else {
  // A parent that ended leaves nobody to sell for.
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    // Only the demo writes here: wire.ts.
    const { to, command } = message as ToStore;
    void shop.program.runtime.send(to, command).then((ack) => tell({ type: 'answer', ack }));
  });
  tell({ type: 'open', found: shop.found });
}
