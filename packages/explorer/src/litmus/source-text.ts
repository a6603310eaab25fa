import { LitmusError, type LitmusErrorCode } from './litmus-error.js';

/** A place in a file that a person can go to. */
export interface SourcePosition {
  /** Line, from 1. */
  readonly line: number;
  /** Column in UTF-16 code units, from 1. */
  readonly column: number;
}

const LONGEST_QUOTE = 40;

/** The text of one input, which knows its file's name and where every offset lies. */
export class SourceText {
  /** The name that complaints carry. */
  readonly file: string;
  /** The whole input. */
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The line and column of a character offset, 0 to the length of the text. */
  positionAt(offset: number): SourcePosition {
    this.#lineStarts ??= lineStartsOf(this.text);
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1 };
  }

  /** The characters from `start` to before `end` as a complaint quotes them: short, on one line. */
  quote(start: number, end: number): string {
    if (start >= this.text.length) return 'the end of the file';
    const piece = this.text.slice(start, end).trim();
    if (piece === '') return 'the end of the line';
    const short = piece.length > LONGEST_QUOTE ? `${piece.slice(0, LONGEST_QUOTE)}...` : piece;
    return `'${short.replace(/\s+/g, ' ')}'`;
  }

  /**
   * Refuses the input.
   *
   * @throws LitmusError with `code`, always.
   */
  fail(code: LitmusErrorCode, offset: number, expected: string, got: string): never {
    throw new LitmusError(code, {
      file: this.file,
      ...this.positionAt(offset),
      expected,
      got,
    });
  }
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
