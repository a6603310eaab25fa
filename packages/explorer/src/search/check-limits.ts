import { ExplorerError } from '../explorer-error.js';
import type { PassLimits } from './exhaustive-pass.js';

const DEFAULTS: PassLimits = {
  kernelEvents: Infinity,
  preemptions: Infinity,
  delays: Infinity,
  executions: 1_000_000,
  decisions: 100_000,
};

const LEAST: PassLimits = {
  kernelEvents: 0,
  preemptions: 0,
  delays: 0,
  executions: 1,
  decisions: 1,
};

/**
 * How far a check goes, with the defaults filled in.
 *
 * @param executions default of the executions
 * @throws ExplorerError `ERR_OPTION` for a limit that is no integer in its range, nor Infinity
 */
export function limitsOf(
  options: Partial<PassLimits>,
  executions: number = DEFAULTS.executions,
): PassLimits {
  const limit = (name: keyof PassLimits, otherwise = DEFAULTS[name]): number => {
    const value = options[name] ?? otherwise;
    if (value !== Infinity && !(Number.isInteger(value) && value >= LEAST[name]))
      throw new ExplorerError(
        'ERR_OPTION',
        `expected ${name} to be an integer of at least ${LEAST[name]}, got ${String(value)}`,
      );
    return value;
  };
  return {
    kernelEvents: limit('kernelEvents'),
    preemptions: limit('preemptions'),
    delays: limit('delays'),
    executions: limit('executions', executions),
    decisions: limit('decisions'),
  };
}
