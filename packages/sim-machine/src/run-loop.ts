import { NO_DECISION, decisionX, decisionY, isStep, type Decision } from './director/decision.js';
import type { Director } from './director/director.js';
import { KernelEntry } from './kernel/exit-work.js';
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
export function createRunLoop({
  hardware,
  referee,
  events,
  system,
  decisions,
}: MachineParts): RunLoop {
  const { capacity, current } = hardware.cpus;
  const { lifecycle, kernel, marked, steps } = system;
  const { advances } = kernel;
  const { point, executor } = decisions;
  const { carryOut } = executor;
  const { wanted } = events;
  let refused: Decision = NO_DECISION;

  /**
   * Brings a CPU to user mode that something happened to or, where there is none, carries a decision out;
   * false when the run is over.
   *
   * A function of its own, since V8 knows no constants in a loop whose code it replaces while it runs. There is
   * one place from which threads run, whatever they run for: V8 makes as much code as there are places.
   */
  function next(director: Director, maxDecisions: number): boolean {
    let cpu: number;
    let thread: number;
    let budget = 0;
    let decision = NO_DECISION;
    if (!marked.isEmpty) {
      cpu = marked.take();
      kernel.exitToUser(cpu, KernelEntry.Interrupt);
      thread = current[cpu]!;
      if (thread < 0 || !advances) return true;
    } else {
      if (lifecycle.live === 0 || referee.count >= maxDecisions) return false;
      decision = director.decide(point);
      if (decision === NO_DECISION) return false;
      referee.record(decision);
      if (!isStep(decision)) {
        if (!carryOut(decision)) return refuse(decision);
        if (wanted.decision) tell(decision);
        return true;
      }
      cpu = decisionX(decision);
      budget = decisionY(decision);
      thread = cpu < capacity ? current[cpu]! : -1;
      if (thread < 0 || budget === 0) return refuse(decision);
    }
    steps.run(cpu, thread, budget);
    if (wanted.decision && decision !== NO_DECISION) tell(decision);
    return true;
  }

  function refuse(decision: Decision): boolean {
    refused = decision;
    return false;
  }

  function tell(decision: Decision): void {
    events.emit('decision', { decision, index: referee.count - 1 });
  }

  return function runLoop(maxDecisions) {
    const { director } = referee;
    refused = NO_DECISION;
    while (next(director, maxDecisions));
    return refused;
  };
}
