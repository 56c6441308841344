import { address } from '../../domain/address.ts';
import { askAmount } from './opening.ts';
import { reportText } from './report.ts';
import { reportIn } from './sender.ts';
import type { Till } from './till.ts';

/** Counts and closes the counter, and the day with the last one. True: closed. */
export const closeCounter = async (till: Till): Promise<boolean> => {
  if (till.status() !== 'counting' && (await till.command({ type: 'START_COUNT' })) === null) return false;
  const countedMinor = await askAmount(till, 'Cash counted in the drawer (q goes back)', null);
  if (countedMinor === null) {
    await till.command({ type: 'CANCEL_COUNT' });
    return false;
  }
  const counted = await till.command({ type: 'COUNT', countedMinor });
  const report = counted === null ? null : reportIn(counted);
  if (report === null) return false;
  till.say(reportText(report, { title: 'Z REPORT', currency: till.currency, countedMinor }));
  till.draw();
  await closeDay(till);
  return true;
};

const closeDay = async (till: Till): Promise<void> => {
  const day = till.following.day();
  const open = day?.data['openCounters'];
  const isLast = day?.status === 'open' && Array.isArray(open) && open.length === 0;
  if (!isLast || till.operator.role === 'cashier') return;
  const answer = await till.ask('This was the last open counter. Close the store day too? [y/N]');
  if (answer?.trim().toLowerCase() !== 'y') return;
  if ((await till.commandTo(address('store-day', 'main'), { type: 'CLOSE_DAY' })) !== null)
    till.say(['The day is closed.']);
  till.draw();
};
