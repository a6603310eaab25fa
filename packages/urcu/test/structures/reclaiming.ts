import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { History, isLinearizable } from './linearizability.js';
import type { SequentialModel } from './linearizability.js';
import type { MakeReclamation, Reclamation } from './reclamation.js';

/** Makes an operation of a structure; what it returns goes into the history. */
type Act = (t: Thread, section: RcuToken, argument: number) => Operation<number>;

/** A structure under RCU, as a history sees it. */
export interface Reclaimed {
  /** Operations by name, made in read sections. */
  readonly acts: Readonly<Record<string, Act>>;
  /** Those that are made outside of sections, and are in no history: they change no contents. */
  readonly upkeep?: Readonly<Record<string, (t: Thread, argument: number) => Operation<void>>>;
  /** The node that an operation took out, which its caller frees; 0 for none. */
  nodeToFree(name: string, argument: number, result: number): number;
}

/** For each thread, its operations: a name, and which of the nodes is meant, from 0; or -1; or a number. */
export type Calls = readonly (readonly (readonly [name: string, which: number])[])[];

/** A structure, and what it has to be like. */
export interface Structure<State = readonly number[]> {
  make(process: Process, reclamation: Reclamation): Reclaimed;
  readonly model: SequentialModel<State>;
  /** Nodes that there are, and bytes of each. */
  readonly nodes: number;
  readonly nodeBytes: number;
  /** Whether it defers work itself. */
  readonly defers?: boolean;
}

/** Makes an operation of a structure by a thread whose accesses are not what they should be. */
export type Breaking = <Result>(
  t: Thread,
  act: (t: Thread) => Operation<Result>,
) => Operation<Result>;

/** What is done to a structure, and what stands behind it. */
export interface Workload {
  readonly structure: Structure;
  /** What the first thread does before the others begin. */
  readonly first?: Calls[number];
  readonly calls: Calls;
  readonly reclamation: MakeReclamation;
  /** Whether a node that was taken out waits for a grace period before it is freed; as it must. */
  readonly waits?: boolean;
  readonly memory?: MemoryModelName;
  /** Makes operations go wrong; none for a structure as it is. */
  readonly breaking?: Breaking;
}

/**
 * Threads use a structure, each operation in a read section, and free what they take out. The history has
 * to be linearizable, and nobody may use a node that is freed. A CPU for every thread.
 */
export function reclaiming(workload: Workload): Scenario {
  const { structure, first = [], calls, waits = true, memory = 'sc' } = workload;
  const make: Breaking = workload.breaking ?? ((t, act) => act(t));
  const { defers = false } = structure;
  return scenario({
    name: 'a structure whose nodes are freed',
    machine: {
      cpus: calls.length,
      maxThreads: calls.length + (defers ? 1 : 0),
      maxProcesses: 1,
      kernel: [rseq()],
      memory,
    },
    events: { preemption: false, migration: false },
    detect: ['memory'],
    setup(lab) {
      const { machine, process, heap } = lab;
      const use = { threads: calls.length, defers };
      const reclamation = workload.reclamation(machine, process, use);
      const { rcu } = reclamation;
      const { acts, upkeep = {}, nodeToFree } = structure.make(process, reclamation);
      const nodes = Array.from({ length: structure.nodes }, () =>
        heap.allocate(structure.nodeBytes),
      );
      const history = new History(process, first.length + calls.flat().length);
      const ready = process.allocate(4);
      const left = process.allocate(4);
      process.write32(left, calls.length);
      const prepared = (name: string, which: number): ((t: Thread) => Operation<void>) => {
        const work = upkeep[name];
        if (work !== undefined) return (t) => make(t, (user) => work(user, which));
        const argument = nodes[which] ?? 0;
        const call = history.call(name, argument, function* inSection(t) {
          const section = yield* rcu.readLock(t);
          const result = yield* make(t, (user) => acts[name]!(user, section, argument));
          yield* rcu.readUnlock(t, section);
          return result;
        });
        return function* used(t) {
          const node = nodeToFree(name, argument, yield* call(t));
          yield* reclamation.settle(t);
          if (node === 0) return;
          if (waits) yield* rcu.synchronize(t);
          yield* heap.free(t, node);
        };
      };
      const firstSteps = first.map(([name, which]) => prepared(name, which));
      for (const [cpu, mine] of calls.entries()) {
        const steps = mine.map(([name, which]) => prepared(name, which));
        process.spawn(
          function* user(t) {
            if (cpu > 0 && first.length > 0) yield* t.waitUntilEqual(ready, 1);
            if (cpu === 0 && first.length > 0) {
              for (const step of firstSteps) yield* step(t);
              yield* t.storeRelease(ready, 1);
            }
            for (const step of steps) yield* step(t);
            if (defers && (yield* t.fetchAdd(left, -1)) === 1) yield* reclamation.end(t);
          },
          { cpu },
        );
      }
      return history;
    },
    check(history, lab) {
      const recorded = history.calls();
      lab.expect(
        isLinearizable(recorded, structure.model),
        `linearizable: ${JSON.stringify(recorded)}`,
      );
    },
  });
}
