import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { VARIABLES_PER_FUNCTION } from '../lkmm/compile-function.js';
import type { MachinePool } from '../machine-pool.js';
import { scenario } from '../scenario.js';
import type { Scenario } from '../scenario.js';
import { finalStateOf, observedRegisters } from './lkmm-final-state.js';
import type { LkmmEnds } from './lkmm-ends.js';
import { LkmmKernel } from './lkmm-kernel.js';
import { LKMM_EVENTS, lkmmMachineConfig } from './lkmm-machine-config.js';
import { lkmmThread } from './lkmm-thread.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

/** Where an {@link lkmmScenario} is run. */
export interface LkmmScenarioPlace {
  readonly memory: MemoryModelName;
  /** Where its machines come from. */
  readonly machines: MachinePool;
}

/**
 * A C test as a scenario, so that it can be searched in any way: what threads leave behind is in simulated memory.
 *
 * What threads do before the test they do one after the other, each when its turn has come.
 *
 * @param ends told of every execution
 */
export function lkmmScenario(
  loaded: LoadedLkmm,
  backend: RcuBackend,
  ends: LkmmEnds,
  { memory, machines }: LkmmScenarioPlace,
): Scenario {
  const threads = loaded.functions.length;
  const made = scenario({
    name: loaded.test.name,
    machine: lkmmMachineConfig(memory, threads, backend),
    events: LKMM_EVENTS,
    setup({ machine, process }) {
      process.allocate(loaded.locationBytes);
      for (const { address, word } of loaded.memory) process.write32(address, word);
      const kernel = new LkmmKernel({
        machine,
        process,
        facts: loaded.facts,
        createRcu: backend.create,
      });
      ends.begin(kernel);
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
      ends.end(finalStateOf(loaded, wordAt, variable));
    },
  });
  return { ...made, machines };
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
