import { hash } from 'node:crypto';

/** Links a row to the one before it: SHA-256 of the previous hash and the row's columns, so that a change anywhere shows (N5). */
export function chain(previous: Uint8Array, columns: readonly (string | number)[]): Buffer {
  // A length before each column: two rows that differ never make the same text.
  let text = Buffer.from(previous.buffer, previous.byteOffset, previous.byteLength).toString('hex');
  for (const column of columns) {
    const part = typeof column === 'string' ? column : String(column);
    text += `${part.length}:${part}`;
  }
  return hash('sha256', text, 'buffer');
}

export const firstHash: Uint8Array = new Uint8Array(32);
