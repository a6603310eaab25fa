import { LitmusError } from '../../src/litmus/litmus-error.js';

/** What a parser says of a text: code and message, or `nothing`. */
export function complaintOf(parse: (text: string, file: string) => unknown, text: string): string {
  try {
    parse(text, 'f');
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    return `${error.code} ${error.message}`;
  }
  return 'nothing';
}
