import { ExplorerError } from '../../explorer-error.js';

/** What tells a plan from another: by content, so that it is the same on every machine. */
export interface PlanIdentity {
  /** Version of the program that made it. */
  readonly version: string;
  /** How it searches, such as `litmus` or `check random`. */
  readonly strategy: string;
  /** Digest of what is searched: the texts of the files, and the machine's configuration. */
  readonly subject: string;
  /** The options that decide what comes out, as text. */
  readonly options: string;
}

/**
 * Refuses what belongs to another plan.
 *
 * @param what - what it is, such as `resume file`
 * @throws ExplorerError `ERR_PLAN` with the first difference
 */
export function requireIdentity(got: PlanIdentity, expected: PlanIdentity, what: string): void {
  const differs = (name: keyof PlanIdentity): boolean => got[name] !== expected[name];
  const refuse = (message: string): never => {
    throw new ExplorerError('ERR_PLAN', message);
  };
  if (differs('version'))
    refuse(`expected a ${what} of rseqlab ${expected.version}, got one of rseqlab ${got.version}`);
  if (differs('strategy'))
    refuse(`expected a ${what} of ${expected.strategy}, got one of ${got.strategy}`);
  if (differs('options'))
    refuse(
      `expected a ${what} of the same options (${expected.options}), got one of others (${got.options})`,
    );
  if (differs('subject'))
    refuse(
      `expected a ${what} of these files as they are now (${expected.subject}), got one of others (${got.subject})`,
    );
}
