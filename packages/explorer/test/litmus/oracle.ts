import type { FinalState } from '../../src/litmus/final-state.js';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import type { X86Register } from '../../src/litmus/x86-register.js';
import { commit, withThread, type OracleModel } from './oracle-memory.js';
import { keyOf, startOf, valueOf, type OracleState } from './oracle-state.js';
import { OracleStepper } from './oracle-step.js';

/**
 * Every final state of a test, by trying all interleavings of its instructions and of the stores
 * that leave the threads' buffers. It reads the parsed test and knows nothing of the machine.
 */
export function finalStatesOf(test: LitmusTest, model: OracleModel): readonly FinalState[] {
  const stepper = new OracleStepper(test, model);
  const start = startOf(test);
  const seen = new Set([keyOf(start)]);
  const pending = [start];
  const finals: FinalState[] = [];
  for (let state = pending.pop(); state; state = pending.pop()) {
    const successors = successorsOf(test, stepper, state);
    if (isFinal(test, state)) finals.push(observe(test, state));
    for (const successor of successors) {
      const key = keyOf(successor);
      if (seen.has(key)) continue;
      seen.add(key);
      pending.push(successor);
    }
  }
  return finals;
}

function successorsOf(
  test: LitmusTest,
  stepper: OracleStepper,
  state: OracleState,
): readonly OracleState[] {
  return state.threads.flatMap(({ next, buffer }, thread) => {
    const found: OracleState[] = [];
    const [oldest, ...rest] = buffer;
    if (oldest) found.push(withThread(commit(state, oldest), thread, { buffer: rest }));
    if (next >= test.threads[thread]!.instructions.length) return found;
    const stepped = stepper.step(state, thread);
    if (stepped) found.push(stepped);
    return found;
  });
}

function isFinal(test: LitmusTest, { threads }: OracleState): boolean {
  return threads.every(
    ({ next, buffer }, thread) =>
      next >= test.threads[thread]!.instructions.length && buffer.length === 0,
  );
}

function observe(test: LitmusTest, { threads, memory }: OracleState): FinalState {
  return test.observed.map((seen) => {
    if (seen.kind === 'register')
      return valueOf(test, threads[seen.thread]!.registers[seen.register as X86Register]);
    return valueOf(test, memory[test.locations.indexOf(seen.location)]!);
  });
}
