import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { Lab } from '../../src/lab.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario, ScenarioDefinition } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import { recordRun } from '../../src/trace/record-run.js';
import type { RunTrace } from '../../src/trace/run-trace.js';
import { BASE_NAMES } from '../trace/traced-scenarios.js';

/** A thread of a program, with zeroed words, each in a cache line of its own. */
export type Part = (t: Thread, words: readonly number[], lab: Lab) => Operation<void>;

/** Words that every program here has. */
const WORDS = 4;

/** A scenario of threads that share words; on two CPUs, without kernel events, unless it says otherwise. */
export function programOf(
  parts: readonly Part[],
  options: Partial<ScenarioDefinition<unknown>> = {},
): Scenario {
  return scenario<unknown>({
    name: 'program',
    machine: { cpus: 2 },
    events: { preemption: true, migration: false },
    setup(lab) {
      const words = Array.from({ length: WORDS }, () => lab.process.allocate(4));
      for (const part of parts) {
        const body = (t: Thread): Operation<void> => part(t, words, lab);
        lab.spawn(Object.defineProperty(body, 'name', { value: part.name }));
      }
    },
    ...options,
  });
}

/** The run that a check of a scenario found, recorded; undefined when it found nothing. */
export function failureOf(program: Scenario): RunTrace | undefined {
  const { decisions } = check(program);
  if (decisions === undefined) return undefined;
  return recordRun(program, { decisions, scheduling: 'free', granularity: 'access' }, BASE_NAMES);
}

/** A program that a check must find something in, with what; and a correct twin. */
export interface Twins {
  readonly what: string;
  readonly broken: Scenario;
  readonly finds: object;
  readonly correct: Scenario;
}
