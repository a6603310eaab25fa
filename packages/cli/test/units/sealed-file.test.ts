import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSealed, writeSealed } from '../../src/units/sealed-file.js';

const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
const path = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true }));

const chunks = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(100_000, 7)];
const readAll = (count = chunks.length): Buffer[] =>
  readSealed(path, 'name', 'resume file', (read) =>
    Array.from({ length: count }, () => Buffer.from(read())),
  );

describe('a sealed file', () => {
  it('is read as it was written, and replaced as a whole', () => {
    writeSealed(path, [Buffer.from('older')]);
    expect(writeSealed(path, chunks)).toBe(readFileSync(path).length);
    expect(readAll()).toEqual(chunks);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('stays as it was where a write fails', () => {
    writeSealed(path, chunks);
    function* failing(): Generator<Uint8Array> {
      yield Buffer.from('newer');
      throw new Error('no more');
    }
    expect(() => writeSealed(path, failing())).toThrow('no more');
    expect(readAll()).toEqual(chunks);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.each([0, 10, 50_000, -1])('that was cut short at %d is refused', (length) => {
    const bytes = writeSealed(path, chunks);
    truncateSync(path, length < 0 ? bytes + length : length);
    expect(() => readAll()).toThrow(/^name: expected a whole resume file .*, got one that was cut/);
  });

  it('that was changed is refused', () => {
    writeSealed(path, chunks);
    const bytes = readFileSync(path);
    bytes[20]! ^= 1;
    writeFileSync(path, bytes);
    expect(() => readAll()).toThrow(/^name: expected a resume file as it was written, got one/);
  });
});
