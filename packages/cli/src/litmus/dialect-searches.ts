import { LitmusSearch, LkmmSearch } from '@rseqlab/explorer';
import type { LitmusLimits, SearchedModel } from '@rseqlab/explorer';
import { litmusRcu } from './library-rcu.js';
import type { LitmusRcu } from './library-rcu.js';

/** What runs the tests of each dialect under one memory model; machines are kept from test to test. */
export class DialectSearches {
  /** Runs tests in machine code. */
  readonly machineCode: LitmusSearch;
  /** Runs tests in C. */
  readonly c: LkmmSearch;
  readonly limits: LitmusLimits;

  /**
   * @param rcu the RCU behind C tests
   * @param executions most of a test; no bound when absent
   */
  constructor(model: SearchedModel, rcu: LitmusRcu = 'kernel', executions?: number) {
    this.machineCode = new LitmusSearch(model);
    this.c = new LkmmSearch(model, litmusRcu(rcu));
    this.limits = executions === undefined ? {} : { executions };
  }
}
