import type { SourceText } from './source-text.js';
import type { Token } from './token.js';

/** What is particular to one dialect in the parts that all dialects share: init block, condition. */
export interface LitmusSyntax {
  /** The word that the file begins with. */
  readonly dialect: LitmusDialect;
  /** The words that types in declarations are made of. */
  readonly typeWords: ReadonlySet<string>;
  /** A type for complaints to name. */
  readonly exampleType: string;
  /** How complaints call what stands behind `0:`. */
  readonly registerPhrase: string;
  /** How states write what stands behind `0:`; undefined if it cannot stand there. */
  registerNamed(token: Token): string | undefined;
  /** Cuts the text behind the header into tokens; the last one is the end. */
  tokenize(source: SourceText, from: number): readonly Token[];
}

/** The dialects that can be run, by the word that their files begin with. */
export const LITMUS_DIALECTS = ['X86_64', 'C'] as const;

/** One of {@link LITMUS_DIALECTS}. */
export type LitmusDialect = (typeof LITMUS_DIALECTS)[number];
