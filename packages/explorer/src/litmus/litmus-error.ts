/**
 * What is wrong with a litmus input, as a stable literal.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_LITMUS_DIALECT` | a litmus test, but in a dialect that is not asked for or not known |
 * | `ERR_LITMUS_SYNTAX` | the text does not have the shape of a litmus test |
 * | `ERR_LITMUS_INSTRUCTION` | an instruction, operand or width that is not known here |
 * | `ERR_LITMUS_REFERENCE` | a name that leads nowhere, or is given twice |
 * | `ERR_LITMUS_EXPECTED` | a malformed table of expected results |
 * | `ERR_LITMUS_MACHINE` | a test that does not fit the machine it is translated for |
 */
export type LitmusErrorCode =
  | 'ERR_LITMUS_DIALECT'
  | 'ERR_LITMUS_SYNTAX'
  | 'ERR_LITMUS_INSTRUCTION'
  | 'ERR_LITMUS_REFERENCE'
  | 'ERR_LITMUS_EXPECTED'
  | 'ERR_LITMUS_MACHINE';

/** Where a litmus input goes wrong, and how. */
export interface LitmusComplaint {
  /** The name the input was given under. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column in UTF-16 code units, from 1. */
  readonly column: number;
  /** What would have been right there. */
  readonly expected: string;
  /** What came instead. */
  readonly got: string;
}

/** A malformed litmus test or table; the message reads `file:line:column: expected ..., got ...`. */
export class LitmusError extends Error implements LitmusComplaint {
  override readonly name = 'LitmusError';
  /** Stable, machine-readable reason. */
  readonly code: LitmusErrorCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly got: string;

  constructor(code: LitmusErrorCode, complaint: LitmusComplaint) {
    const { file, line, column, expected, got } = complaint;
    super(`${file}:${line}:${column}: expected ${expected}, got ${got}`);
    this.code = code;
    this.file = file;
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.got = got;
  }
}
