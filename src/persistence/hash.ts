import { hash } from 'node:crypto';

/** Links a row to the one before it: SHA-256 of the previous hash and the row's columns, so that a change anywhere shows (N5). */
export function chain(previous: Uint8Array, columns: readonly (string | number)[]): Buffer {
  // A length before each column: two rows that differ never make the same text.
  const text = columns.map((column) => `${String(column).length}:${column}`).join('');
  return hash('sha256', `${Buffer.from(previous).toString('latin1')}${text}`, 'buffer');
}

export const firstHash: Uint8Array = new Uint8Array(32);
