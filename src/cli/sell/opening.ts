import { address } from '../../domain/address.ts';
import { formatMinor, parseMinor } from '../../domain/money.ts';
import type { Till } from './till.ts';

const usualFloatMinor = 10_000;

/** Day and counter are open after this; false: the cashier left, or may not open them. */
export const openCounter = async (till: Till): Promise<boolean> => {
  if (till.status() === 'locked') return (await till.command({ type: 'UNLOCK' })) !== null;
  if (till.status() !== 'closed') return true;
  if (till.following.day()?.status !== 'open') {
    const opened = await till.commandTo(address('store-day', 'main'), { type: 'OPEN_DAY' });
    if (opened === null) return refused(till);
  }
  const floatMinor = await askAmount(till, 'Counter is closed. Float in the drawer', usualFloatMinor);
  if (floatMinor === null) return false;
  return (await till.command({ type: 'OPEN', floatMinor })) === null ? refused(till) : true;
};

const refused = (till: Till): boolean => {
  till.draw();
  return false;
};

/** An amount from the cashier; Enter alone takes the preset, `null`: q, or the end of the input. */
export const askAmount = async (till: Till, question: string, presetMinor: number | null): Promise<number | null> => {
  const { currency } = till;
  const preset = presetMinor === null ? '' : ` [${formatMinor(presetMinor, currency)}]`;
  for (;;) {
    till.draw();
    const typed = await till.ask(`${question}, ${currency}${preset}:`);
    if (typed === null || typed.trim().toLowerCase() === 'q') return null;
    if (typed.trim() === '' && presetMinor !== null) return presetMinor;
    const amount = parseMinor(typed, currency);
    if (amount.ok && amount.amountMinor >= 0) return amount.amountMinor;
    till.say([`✗ "${typed.trim()}" is no amount of ${currency}; q leaves`]);
  }
};
