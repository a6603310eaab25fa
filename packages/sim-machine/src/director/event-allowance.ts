import { MachineError } from '../base/machine-error.js';
import { isSignal } from '../kernel/signal/signal-number.js';

/**
 * Kernel events that a searching or random director may inject; a timed director takes its own from
 * the clocks. What is absent is not injected, except preemption and migration, which default to
 * true.
 */
export interface EventAllowance {
  /** Another runnable thread of the CPU takes over. */
  readonly preemption?: boolean;
  /** A runnable thread moves to another CPU. */
  readonly migration?: boolean;
  /** The timer interrupt of a CPU, without a change of threads unless a quantum ended. */
  readonly ticks?: boolean;
  /** Signals sent from outside: each number to any thread that handles or would be killed by it. */
  readonly signals?: readonly number[];
  /** The page that a thread accesses next is swapped out first. */
  readonly pageFaults?: boolean;
  /** CPUs go off- and online. */
  readonly hotplug?: boolean;
  /** Futex waits end for no reason. */
  readonly spuriousWakes?: boolean;
  /** A thread stops behind an instruction for a debugger, as with PTRACE_SINGLESTEP, and goes on. */
  readonly singleSteps?: boolean;
  /** A process is killed where it stands, by name. */
  readonly kills?: readonly string[];
}

const SWITCHES = [
  'preemption',
  'migration',
  'ticks',
  'pageFaults',
  'hotplug',
  'spuriousWakes',
  'singleSteps',
] as const satisfies readonly (keyof EventAllowance)[];

/**
 * Refuses an allowance that names no kernel events.
 *
 * @throws MachineError `ERR_CONFIG` with what was expected and what came
 */
export function checkAllowance(allowance: EventAllowance): EventAllowance {
  const { signals, kills, ...switches } = allowance;
  for (const [name, value] of Object.entries(switches) as [string, unknown][]) {
    if (!SWITCHES.some((known) => known === name))
      throw refused(`kernel events (${SWITCHES.join(', ')}, signals, kills)`, `"${name}"`);
    if (value !== undefined && typeof value !== 'boolean')
      throw refused(`events.${name} to be true or false`, JSON.stringify(value));
  }
  if (signals !== undefined && !(Array.isArray(signals) && signals.every(isSignal)))
    throw refused('events.signals to be a list of signals from 1 to 64', String(signals));
  if (
    kills !== undefined &&
    !(Array.isArray(kills) && kills.every((name) => typeof name === 'string'))
  )
    throw refused('events.kills to be a list of process names', String(kills));
  return allowance;
}

function refused(expected: string, got: string): MachineError {
  return new MachineError('ERR_CONFIG', `expected ${expected}, got ${got}`);
}
