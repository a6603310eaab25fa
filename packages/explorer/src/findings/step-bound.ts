import type { Finding } from '../finding.js';
import { grouped } from '../report/plural.js';

/** An execution that did not end within the bound on its length: what comes behind it is unknown. */
export function stepBound({ length }: ArrayLike<number>): Finding {
  return {
    kind: 'step-bound',
    message: `expected every execution to end within ${grouped(length)} decisions, got one that goes on`,
  };
}
