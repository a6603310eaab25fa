import { scenario } from '../../src/scenario.js';
import type { Scenario, ScenarioDefinition } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';
import { recordRun } from '../../src/trace/record-run.js';
import type { RunTrace, TraceRow } from '../../src/trace/run-trace.js';

/** How files are named in these tests. */
export const BASE_NAMES = { nameFile: (file: string): string => file.replace(/^.*[\\/]/, '') };

/** A scenario with one thread on one CPU, whose check fails. */
export function failing(
  name: string,
  definition: Pick<ScenarioDefinition<unknown>, 'machine' | 'setup'>,
): Scenario {
  return scenario<unknown>({
    name,
    ...definition,
    check(_state, lab) {
      lab.expect(false, 'something else');
    },
  });
}

/** Checks a scenario that fails, and records the failing run. */
export function traceOfFailure(failingScenario: Scenario): RunTrace {
  const { decisions } = check(failingScenario) as CheckResult & { decisions: Uint32Array };
  const run = { decisions, scheduling: 'free', granularity: 'access' } as const;
  return recordRun(failingScenario, run, BASE_NAMES);
}

/** The rows of a kind, as text. */
export function textsOf({ rows }: RunTrace, kind: TraceRow['kind']): readonly string[] {
  return rows.filter((row) => row.kind === kind).map(({ text }) => text);
}
