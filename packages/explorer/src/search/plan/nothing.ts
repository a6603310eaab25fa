import type { PassResult } from '../exhaustive-pass.js';

/** What no unit at all comes to. */
export const NOTHING: PassResult = {
  end: 'gave-up',
  executions: 0,
  classes: 0,
  blocked: 0,
  states: 0,
  kernelEvents: 0,
};
