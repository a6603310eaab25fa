import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { FinalState } from '../litmus/final-state.js';
import { VARIABLES_PER_FUNCTION } from '../lkmm/compile-function.js';
import { scenario } from '../scenario.js';
import type { Scenario } from '../scenario.js';
import { finalStateOf, observedRegisters } from './lkmm-final-state.js';
import type { LkmmMisuse } from './lkmm-finding.js';
import { LkmmKernel } from './lkmm-kernel.js';
import { lkmmThread } from './lkmm-thread.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

const MEMORY_BYTES = 4 * 1024 * 1024;

/** What a search of an {@link lkmmScenario} met. */
export interface LkmmEnds {
  /** The values of what is looked at, as text. */
  readonly reached: Map<string, FinalState>;
  /** What threads did and may not do, by execution; most are empty. */
  readonly misuses: (readonly LkmmMisuse[])[];
}

/**
 * A C test as a scenario, so that its states can be searched: what threads leave behind is in simulated memory.
 *
 * What threads do before the test they do one after the other, each when its turn has come.
 *
 * @param ends is told of every end, and of misuse
 */
export function lkmmScenario(
  loaded: LoadedLkmm,
  { create, kernel: modules = [] }: RcuBackend,
  ends: LkmmEnds,
): Scenario {
  const threads = loaded.functions.length;
  return scenario({
    name: loaded.test.name,
    machine: {
      cpus: threads,
      maxThreads: threads,
      maxProcesses: 1,
      memoryBytes: MEMORY_BYTES,
      kernel: modules,
    },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup({ machine, process }) {
      process.allocate(loaded.locationBytes);
      for (const { address, word } of loaded.memory) process.write32(address, word);
      const kernel = new LkmmKernel({ machine, process, facts: loaded.facts, createRcu: create });
      ends.misuses.push(kernel.misuses);
      const turn = process.allocate(4);
      const variables = process.allocate(4 * VARIABLES_PER_FUNCTION * threads);
      const variableAt = (thread: number, index: number): number =>
        variables + 4 * (thread * VARIABLES_PER_FUNCTION + index);
      loaded.functions.forEach((code, thread) => {
        const { begin } = kernel;
        const body = lkmmThread({
          code,
          installed: machine.install(code.program),
          kernel,
          observed: observedRegisters(loaded, thread),
          ...(begin && { begin: (t: Thread) => inTurn(t, { turn, threads }, begin(t)) }),
          *finish(t, values) {
            for (const [index, value] of values.entries())
              yield* t.store(variableAt(thread, index), value);
          },
        });
        process.spawn(body, { cpu: thread, name: `P${thread}` });
      });
      return {
        wordAt: (address: number) => process.read32(address),
        variable: (thread: number, index: number) => process.read32(variableAt(thread, index)),
      };
    },
    check({ wordAt, variable }) {
      const state = finalStateOf(loaded, wordAt, variable);
      ends.reached.set(state.join(' '), state);
    },
  });
}

/** Does something when all threads with lower numbers have, and goes on when all have. */
function* inTurn(
  t: Thread,
  { turn, threads }: { readonly turn: number; readonly threads: number },
  body: Operation<void>,
): Operation<void> {
  if (t.id > 0) yield* t.waitUntilEqual(turn, t.id);
  yield* body;
  yield* t.storeRelease(turn, t.id + 1);
  if (t.id + 1 < threads) yield* t.waitUntilEqual(turn, threads);
}
