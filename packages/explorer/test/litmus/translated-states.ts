import { compileLitmus, readFinalState } from '../../src/litmus/compile-litmus.js';
import { emitThread } from '../../src/litmus/emit-thread.js';
import type { FinalState } from '../../src/litmus/final-state.js';
import type { LitmusLayout } from '../../src/litmus/litmus-layout.js';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import { BufferedMemory, type MemoryState } from './buffered-memory.js';
import type { OracleModel } from './oracle-memory.js';
import { RecordedThread, type RecordedState } from './recorded-thread.js';
import { RecordingBuilder } from './recording-builder.js';

interface State {
  readonly threads: readonly RecordedState[];
  readonly memory: MemoryState;
}

/**
 * Every final state of a translated test, by trying all interleavings of the machine instructions
 * that the translation asks the builder for. No machine takes part.
 */
export function translatedStates(
  test: LitmusTest,
  layout: LitmusLayout,
  model: OracleModel,
): readonly FinalState[] {
  const compiled = compileLitmus(test, layout);
  const memory = new BufferedMemory(model, test.threads.length, compiled.memory);
  const threads = compiled.threads.map(({ registers }, thread) => {
    const builder = new RecordingBuilder('recorded');
    emitThread(builder, test, thread, layout, registers);
    return new RecordedThread(thread, builder, memory);
  });
  const finals: FinalState[] = [];
  const seen = new Set<string>();
  const pending: State[] = [];
  const note = (states: readonly RecordedState[]): void => {
    const settled = states.map((state, thread) => threads[thread]!.settle(state));
    const state = { threads: settled, memory: memory.save() };
    const key = JSON.stringify(state);
    if (seen.has(key)) return;
    seen.add(key);
    pending.push(state);
  };

  note(threads.map(() => ({ next: 0, registers: new Array<number>(16).fill(0) })));
  for (let state = pending.pop(); state; state = pending.pop()) {
    const { threads: states, memory: saved } = state;
    let isFinal = true;
    for (const [index, thread] of threads.entries()) {
      memory.restore(saved);
      if (memory.drainOne(index)) {
        isFinal = false;
        note(states);
      }
      const at = states[index]!;
      if (thread.isAtEnd(at)) continue;
      isFinal = false;
      memory.restore(saved);
      const stepped = thread.step(at);
      note(states.map((old, other) => (other === index ? stepped : old)));
    }
    if (!isFinal) continue;
    memory.restore(saved);
    finals.push(
      readFinalState(compiled, {
        register: (thread, register) => states[thread]!.registers[register]!,
        word: (address) => memory.read(address, 4),
      }),
    );
  }
  return finals;
}
