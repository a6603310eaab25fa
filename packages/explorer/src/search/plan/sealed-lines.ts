import { digest } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';

/** The last line of a sealed text: how many lines come before it, and their checksum. */
interface Seal {
  readonly lines: number;
  readonly checksum: string;
}

/** Writes lines with a last one by which {@link unsealLines} sees that all are there, unchanged. */
export function sealLines(lines: readonly string[]): string {
  const body = lines.map((line) => `${line}\n`).join('');
  const seal: Seal = { lines: lines.length, checksum: digest(body) };
  return `${body}${JSON.stringify(seal)}\n`;
}

/**
 * Reads sealed lines back.
 *
 * @param what - what they are, such as `resume file`
 * @throws ExplorerError `ERR_PLAN` when the text was cut short or changed
 */
export function unsealLines(text: string, what: string): readonly string[] {
  const lines = text.split('\n');
  const isEnded = lines.pop() === '';
  const seal = isEnded ? readSeal(lines.pop()) : undefined;
  if (seal === undefined)
    throw new ExplorerError(
      'ERR_PLAN',
      `expected a whole ${what}, got one that was cut short in line ${lines.length + 1}`,
    );
  const body = lines.map((line) => `${line}\n`).join('');
  if (seal.lines !== lines.length || seal.checksum !== digest(body))
    throw new ExplorerError(
      'ERR_PLAN',
      `expected a ${what} as it was written, got one that was changed since`,
    );
  return lines;
}

function readSeal(line = ''): Seal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { lines, checksum } = (value ?? {}) as Partial<Seal>;
  return typeof lines === 'number' && typeof checksum === 'string'
    ? { lines, checksum }
    : undefined;
}
