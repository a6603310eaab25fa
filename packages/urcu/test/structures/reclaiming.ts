import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';
import { History, isLinearizable } from './linearizability.js';
import type { SequentialModel } from './linearizability.js';

/** Makes an operation of a structure; what it returns goes into the history. */
type Act = (t: Thread, section: RcuToken, argument: number) => Operation<number>;

/** A structure under RCU, as a history sees it. */
export interface Reclaimed {
  /** Operations by name. */
  readonly acts: Readonly<Record<string, Act>>;
  /** The node that an operation took out, which its caller frees; 0 for none. */
  nodeToFree(name: string, argument: number, result: number): number;
  /** Threads besides, such as one that resizes. */
  readonly others?: readonly ((t: Thread) => Operation<void>)[];
  /** Called by the last thread that ends. */
  end?(t: Thread): Operation<void>;
}

/** What is done to a structure. */
export interface Workload<State> {
  make(machine: Machine, process: Process, rcu: RcuFlavour): Reclaimed;
  readonly model: SequentialModel<State>;
  /** For each thread, its operations: a name, and which of the nodes is meant, from 0; or -1. */
  readonly threads: readonly (readonly (readonly [name: string, node: number])[])[];
  /** Nodes that there are, and bytes of each. */
  readonly nodes: number;
  readonly nodeBytes: number;
  /** Whether a node that was taken out waits for a grace period before it is freed; as it must. */
  readonly waits: boolean;
}

/**
 * Threads use a structure, each operation in a read section, and free what they take out. The history has
 * to be linearizable, and nobody may use a node that is freed.
 */
export function reclaiming<State>(workload: Workload<State>): Scenario {
  const { threads, model, waits } = workload;
  return scenario({
    name: 'a structure whose nodes are freed',
    machine: { cpus: threads.length, maxThreads: 8, maxProcesses: 1, kernel: [rseq()] },
    events: { preemption: false, migration: false },
    detect: ['memory'],
    setup(lab) {
      const { machine, process, heap } = lab;
      const rcu = RcuDomain.create(machine, process, { barriers: 'fence' });
      const structure = workload.make(machine, process, rcu);
      const nodes = Array.from({ length: workload.nodes }, () => heap.allocate(workload.nodeBytes));
      const history = new History(process, threads.flat().length);
      const left = process.allocate(4);
      process.write32(left, threads.length);
      for (const calls of threads) {
        const prepared = calls.map(([name, index]) => {
          const argument = index < 0 ? 0 : nodes[index]!;
          const call = history.call(name, argument, function* inSection(t) {
            const section = yield* rcu.readLock(t);
            const result = yield* structure.acts[name]!(t, section, argument);
            yield* rcu.readUnlock(t, section);
            return result;
          });
          return { call, name, argument };
        });
        process.spawn(function* user(t) {
          for (const { call, name, argument } of prepared) {
            const node = structure.nodeToFree(name, argument, yield* call(t));
            if (node === 0) continue;
            if (waits) yield* rcu.synchronize(t);
            yield* heap.free(t, node);
          }
          if ((yield* t.fetchAdd(left, -1)) === 1) yield* structure.end?.(t) ?? nothing();
        });
      }
      for (const other of structure.others ?? []) process.spawn(other);
      return history;
    },
    check(history, lab) {
      const calls = history.calls();
      lab.expect(isLinearizable(calls, model), `linearizable: ${JSON.stringify(calls)}`);
    },
  });
}

function* nothing(): Operation<void> {
  // There is nothing to end.
}
