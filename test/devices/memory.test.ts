import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createArrayMemory, createFileMemory } from '../../src/devices/memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'storefirst-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('memory of a simulated device', () => {
  it('the array that is handed on goes on', () => {
    const lines: string[] = [];
    createArrayMemory(lines).append('a');
    expect(createArrayMemory(lines).load()).toEqual(['a']);
  });

  it('what was appended is there after the file is opened again, and while it is open', () => {
    const path = join(folder, 'again.log');
    const memory = createFileMemory(path);
    memory.append('a');
    memory.append('ä');
    expect(memory.load()).toEqual(['a', 'ä']);
    expect(createFileMemory(path).load()).toEqual(['a', 'ä']);
  });

  it('power fails in the middle of a line: it never happened, and the next line is whole', () => {
    const path = join(folder, 'cut.log');
    createFileMemory(path).append('ä');
    appendFileSync(path, 'half a li');
    const memory = createFileMemory(path);
    memory.append('b');
    expect(memory.load()).toEqual(['ä', 'b']);
    expect(readFileSync(path, 'utf8')).toBe('ä\nb\n');
  });

  it('X3: the process is killed right after the append: the line survives', () => {
    const path = join(folder, 'killed.log');
    const module = fileURLToPath(new URL('../../src/devices/memory.ts', import.meta.url));
    const script = `import { createFileMemory } from ${JSON.stringify(module)};
      createFileMemory(${JSON.stringify(path)}).append('approved');
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 });
    expect(signal).toBe('SIGKILL');
    expect(createFileMemory(path).load()).toEqual(['approved']);
  });
});
