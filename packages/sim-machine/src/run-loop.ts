import { NO_DECISION, type Decision } from './director/decision.js';
import type { Director } from './director/director.js';
import type { MachineParts } from './machine-parts.js';

/**
 * Carries decisions out until every thread has exited, the director makes none, or so many were made;
 * a decision that is not possible is returned.
 */
export type RunLoop = (maxDecisions: number) => Decision;

/**
 * Makes the loop of one machine.
 *
 * What it refers to is captured: V8 then takes the machine's parts and their arrays for constants, and
 * needs neither loads nor checks to get at them. Fields of a class it does not take for constants, since
 * they are undefined first. So it is all the way from a decision to the interpreter, for the first machine
 * of a host process; further ones share the code, which is made anew without constants.
 *
 * Nothing that happens once a run is in here: the loop keeps its optimized code when it ends.
 */
export function createRunLoop({ referee, events, system, decisions }: MachineParts): RunLoop {
  const { lifecycle, kernel, marked } = system;
  const { point, executor } = decisions;
  const { carryOut } = executor;
  const { wanted } = events;
  let refused: Decision = NO_DECISION;

  /**
   * Carries one decision out; false when the run is over.
   *
   * A function of its own, since V8 knows no constants in a loop whose code it replaces while it runs.
   */
  function next(director: Director): boolean {
    const decision = director.decide(point);
    if (decision === NO_DECISION) return false;
    referee.record(decision);
    if (!carryOut(decision)) {
      refused = decision;
      return false;
    }
    if (wanted.decision) events.emit('decision', { decision, index: referee.count - 1 });
    if (!marked.isEmpty) kernel.settle();
    return lifecycle.live > 0;
  }

  return function runLoop(maxDecisions) {
    const { director } = referee;
    refused = NO_DECISION;
    if (lifecycle.live > 0) while (referee.count < maxDecisions && next(director));
    return refused;
  };
}
