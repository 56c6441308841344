import { openBenchStore } from './store.ts';
import { nowMs } from './child.ts';

/** A start on whatever lies in the folder, up to the first scan that is on disk; then what the process holds. */
const [folder = '.', counters = '2'] = process.argv.slice(2);
const loadedAt = nowMs();
const store = await openBenchStore({ folder, counters: Number(counters) });
const openedAt = nowMs();
await store.send('counter/1', { type: 'SCAN', code: store.codes[0] ?? '' });
const scannedAt = nowMs();
await store.send('counter/1', { type: 'CANCEL_ORDER', reason: 'bench' });
global.gc?.();
const { heapUsed, rss } = process.memoryUsage();
const { resident } = store.program.runtime.stats();
console.log(JSON.stringify({ loadedAt, openedAt, scannedAt, heapUsed, rss, resident }));
await store.program.stop();
process.exit(0);
