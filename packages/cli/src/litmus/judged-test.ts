import type {
  ExpectedOutcome,
  LkmmDeadlock,
  LkmmMisuse,
  OutcomeDifference,
  StatedVerdict,
  Verdict,
} from '@rseqlab/explorer';

/** What a test came to, as `--json` prints it. */
export interface JudgedTest {
  /** The path as given. */
  readonly file: string;
  /** The test's own name. */
  readonly name: string;
  readonly verdict: StatedVerdict;
  /** All final states, sorted and written as in expected tables. */
  readonly states: readonly string[];
  /** What the table states; of a C test, also what only the kernel's memory model says. */
  readonly expected?: ExpectedOutcome;
  /** Whether it agrees with that. */
  readonly agrees?: boolean;
  /** Of C tests. */
  readonly dialect?: 'C';
  /** Of C tests: what the final states alone say, whatever the verdict. */
  readonly observation?: Verdict;
  /** Of C tests: the first execution that cannot go on. */
  readonly deadlock?: LkmmDeadlock;
  /** Of C tests: the rules that are broken, if any. */
  readonly misuses?: readonly LkmmMisuse[];
}

/** A test that was run, or a line that says why it could not be. */
export type Judgement =
  | {
      readonly test: JudgedTest;
      readonly difference?: OutcomeDifference;
      readonly complete: boolean;
    }
  | { readonly complaint: string };
