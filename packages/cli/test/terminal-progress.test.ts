import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { terminalProgress } from '../src/terminal-progress.js';

/** A stream that claims to be a terminal so many columns wide, and what was written to it. */
function terminal(columns: number, isTTY = true) {
  const stream = new PassThrough();
  const written: string[] = [];
  stream.on('data', (data: Buffer) => void written.push(data.toString()));
  const extras = {
    isTTY,
    columns,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  };
  return { stream: Object.assign(stream, extras) as unknown as WriteStream, written };
}

describe('progress', () => {
  it('is shown on a terminal, and taken off again', () => {
    const { stream, written } = terminal(80);
    const progress = terminalProgress(stream, 'working');
    progress.update('still working');
    progress.stop();
    expect(written.join('')).toContain('working');
  });

  it.each([
    ['a terminal without columns', 0, true],
    ['what is no terminal', 80, false],
  ])('is not shown on %s', (_what, columns, isTTY) => {
    const { stream, written } = terminal(columns, isTTY);
    const progress = terminalProgress(stream, 'working');
    progress.update('still working');
    progress.stop();
    expect(written).toEqual([]);
  });
});
