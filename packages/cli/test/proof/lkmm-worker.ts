import type { SearchedModel } from '@rseqlab/explorer';
import { DialectSearches } from '../../src/litmus/dialect-searches.js';
import type { LitmusRcu } from '../../src/litmus/library-rcu.js';
import { textIdentity, tryFile } from '../../src/litmus/tried-test.js';
import type { TriedFile } from '../../src/litmus/tried-test.js';
import { boundsUnder } from './lkmm-bounds.js';

/** A test that is to be searched with a flavour behind it under a model. */
export interface LkmmTask {
  readonly flavour: LitmusRcu;
  readonly model: SearchedModel;
  /** Path of the test. */
  readonly file: string;
  /** See `boundsUnder`. */
  readonly times: number;
}

/** Of the flavour and model of the last task: tests come one flavour and model after the other. */
let last: { readonly place: string; readonly searches: DialectSearches } | undefined;

/** Searches one test. */
export function searchTest({ flavour, model, file, times }: LkmmTask): TriedFile {
  const place = `${flavour} ${model} ${times}`;
  if (last?.place !== place) {
    const { executions, samples } = boundsUnder(model, times);
    last = { place, searches: new DialectSearches(model, flavour, executions, samples) };
  }
  return tryFile(file, '.', textIdentity(file, '.'), last.searches);
}
