import type { Message } from '../../../src/domain/message.ts';

/** A listener that keeps what it was told. */
export const createListener = () => {
  const heard: Message[] = [];
  return {
    listen: (event: Message): void => void heard.push(event),
    types: (): readonly string[] => heard.map(({ type }) => type),
    heard: (): readonly Message[] => heard,
  };
};
