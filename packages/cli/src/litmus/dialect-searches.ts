import { LitmusSearch, LkmmSearch } from '@rseqlab/explorer';
import type { LitmusLimits, SearchedModel } from '@rseqlab/explorer';
import { litmusRcu } from './library-rcu.js';
import type { LitmusOrder } from './litmus-order.js';

/** What runs the tests of each dialect under one memory model; machines are kept from test to test. */
export class DialectSearches {
  /** Runs tests in machine code. */
  readonly machineCode: LitmusSearch;
  /** Runs tests in C. */
  readonly c: LkmmSearch;
  readonly limits: LitmusLimits;

  constructor(model: SearchedModel, { rcu, executions }: Pick<LitmusOrder, 'rcu' | 'executions'>) {
    this.machineCode = new LitmusSearch(model);
    this.c = new LkmmSearch(model, litmusRcu(rcu ?? 'kernel'));
    this.limits = executions === undefined ? {} : { executions };
  }
}
