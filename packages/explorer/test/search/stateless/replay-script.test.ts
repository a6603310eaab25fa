import { DecisionKind, NO_DECISION, encodeDecision } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { EventFlag, EventLog } from '../../../src/search/stateless/event-log.js';
import { ReplayScript } from '../../../src/search/stateless/replay-script.js';

const step = (cpu: number, instructions: number): number =>
  encodeDecision(DecisionKind.Step, cpu, instructions);

/** A log of steps: CPU, instructions, and whether the kernel had a part in it. */
function logOf(
  steps: readonly (readonly [cpu: number, instructions: number, entersKernel?: boolean])[],
): EventLog {
  const log = new EventLog(2);
  for (const [cpu, instructions, entersKernel = false] of steps) {
    const event = log.begin(cpu, step(cpu, 1), false);
    log.instructions[event] = instructions;
    log.flags[event] = entersKernel ? 0 : EventFlag.Plain;
  }
  return log;
}

function decisionsOf(script: ReplayScript): readonly number[] {
  const decisions: number[] = [];
  script.start();
  for (let next = script.next(); next !== NO_DECISION; next = script.next()) decisions.push(next);
  return decisions;
}

describe('the script that repeats the beginning of an execution', () => {
  it('makes one decision of the steps of a CPU that follow one another, up to the last access', () => {
    const script = new ReplayScript(
      logOf([
        [0, 3],
        [0, 5],
        [0, 2],
        [1, 4],
        [0, 1],
      ]),
    );
    script.prepare(5);
    expect(decisionsOf(script)).toEqual([step(0, 3 + 5 + 1), step(1, 1), step(0, 1)]);
    expect(script.saved).toBe(2);
  });

  it('leaves alone what the kernel has a part in', () => {
    const script = new ReplayScript(
      logOf([
        [0, 3],
        [0, 5, true],
        [0, 2],
        [0, 2],
      ]),
    );
    script.prepare(4);
    expect(decisionsOf(script)).toEqual([step(0, 1), step(0, 1), step(0, 3)]);
  });

  it('makes no decision of more instructions than one can have', () => {
    const script = new ReplayScript(
      logOf([
        [0, 60_000],
        [0, 6_000],
        [0, 1],
      ]),
    );
    script.prepare(3);
    expect(decisionsOf(script)).toEqual([step(0, 1), step(0, 6_001)]);
  });

  it('gives the answers that were given in an event', () => {
    const log = logOf([
      [0, 1],
      [1, 1, true],
    ]);
    log.answers[1] = [2, 1];
    const script = new ReplayScript(log);
    script.prepare(2);
    script.start();
    script.next();
    expect(script.answer()).toBe(0);
    script.next();
    expect([script.answer(), script.answer(), script.answer()]).toEqual([2, 1, 0]);
  });
});
