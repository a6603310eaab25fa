import { ScenarioRunner } from '../../../src/scenario-runner.js';
import type { Scenario } from '../../../src/scenario.js';
import { EveryPathDirector } from './every-path-director.js';
import { GraphRecorder } from './graph-recorder.js';

/** What all interleavings of a scenario come to. */
export interface Enumeration {
  /** Graphs of complete executions. */
  readonly graphs: ReadonlySet<string>;
  readonly executions: number;
  /** Whether any execution ended with threads that can never go on. */
  readonly isBlocked: boolean;
}

/**
 * Executes every interleaving of a scenario, each from the start, without any reduction.
 *
 * @param bound - most kernel events of an execution
 * @param most - executions after which it gives up, with undefined
 * @param spinning - whether threads that spin are held back; `watched` if all is seen from the first run on, and
 *   not only once it may matter
 */
export function everyInterleaving(
  checked: Scenario,
  bound: number,
  most: number,
  spinning: 'held back' | 'watched' | 'spin' = 'spin',
): Enumeration | undefined {
  const director = new EveryPathDirector(bound);
  const mode = spinning === 'spin' ? 'spin' : 'held back';
  const runner = new ScenarioRunner(checked, director, {}, mode);
  if (spinning === 'watched') runner.spins!.wake();
  const recorder = new GraphRecorder(runner.machine);
  if (runner.spins === undefined) runner.machine.attach({ shadow: recorder });
  else runner.spins.listen(recorder);
  const graphs = new Set<string>();
  let executions = 0;
  let isBlocked = false;
  do {
    if (executions === most) return undefined;
    executions += 1;
    const { outcome } = runner.run(director).result;
    if (outcome === 'finished') graphs.add(recorder.graph);
    else isBlocked ||= outcome === 'stuck';
  } while (director.advance());
  return { graphs, executions, isBlocked };
}
