import { LitmusSearch, LkmmSearch } from '@rseqlab/explorer';
import type { LitmusLimits, LkmmLimits, SearchedModel } from '@rseqlab/explorer';
import { litmusRcu } from './library-rcu.js';
import type { LitmusRcu } from './library-rcu.js';

/** Executions of a C test, some seconds' worth: under `weak`, those of three threads often have more than can be made. */
const C_EXECUTIONS = 20_000;

/** What runs the tests of each dialect under one memory model; machines are kept from test to test. */
export class DialectSearches {
  /** Runs tests in machine code. */
  readonly machineCode: LitmusSearch;
  /** Runs tests in C. */
  readonly c: LkmmSearch;
  readonly limits: LitmusLimits;
  readonly cLimits: LkmmLimits;

  /**
   * @param rcu the RCU behind C tests
   * @param executions most of a test; default 10,000,000, of a test in C 20,000
   * @param samples made besides, in each of two ways, of a test in C that has more; default none
   */
  constructor(model: SearchedModel, rcu: LitmusRcu = 'kernel', executions?: number, samples = 0) {
    this.machineCode = new LitmusSearch(model);
    this.c = new LkmmSearch(model, litmusRcu(rcu));
    this.limits = executions === undefined ? {} : { executions };
    this.cLimits =
      executions === undefined
        ? { executions: C_EXECUTIONS, samples }
        : { executions, transitions: executions, samples };
  }
}
