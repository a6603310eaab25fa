import type { SearchedModel } from '@rseqlab/explorer';
import type { LitmusRcu } from './library-rcu.js';
import type { TriedFile } from './tried-test.js';

/** Litmus tests to be run. */
export interface LitmusOrder {
  readonly command: 'litmus';
  /** Files and folders as given. */
  readonly paths: readonly string[];
  /** The folder that relative paths start from. */
  readonly folder: string;
  readonly models: readonly SearchedModel[];
  /** The RCU behind C tests; by default that of a kernel. */
  readonly rcu?: LitmusRcu;
  /** Most executions of a test. */
  readonly executions?: number;
  /** Executions that are made besides, in each of two ways, of a C test that has more than those. */
  readonly samples?: number;
  /** Table of expected results. */
  readonly expect?: string;
  /** Prints JSON. */
  readonly json: boolean;
  /** Prints colours. */
  readonly isColored: boolean;
  /** Prints a table with a frame. */
  readonly isTable: boolean;
}

/** What came of one test under one model. */
export interface LitmusValue {
  readonly model: SearchedModel;
  readonly tried: TriedFile;
}
