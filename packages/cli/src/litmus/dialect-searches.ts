import { LitmusSearch, LkmmSearch } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';

/** What runs the tests of each dialect under one memory model; machines are kept from test to test. */
export class DialectSearches {
  /** Runs tests in machine code. */
  readonly machineCode: LitmusSearch;
  /** Runs tests in C. */
  readonly c: LkmmSearch;

  constructor(model: SearchedModel) {
    this.machineCode = new LitmusSearch(model);
    this.c = new LkmmSearch(model);
  }
}
