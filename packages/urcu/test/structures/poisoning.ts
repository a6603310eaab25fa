import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { changed } from './breaking.js';
import { isSequential } from './linearizability.js';
import type { Done } from './linearizability.js';
import { doneOutside } from './outside.js';
import { shortestReclamation } from './reclamation.js';
import type { MakeReclamation } from './reclamation.js';
import type { Breaking, Reclaimed, Structure } from './reclaiming.js';
import type { SmallWorkload } from './small-workloads.js';

/** What memory holds that belongs to nobody; no address, and no flags of a link. */
const POISON = 0x5a5a5a50;
/** Bits in which structures keep flags beside an address. */
const FLAGS = 7;

/** Results and nodes are told apart by so few bits: 0 and 1, then the nodes. */
const RESULT_BITS = 3;
const FIRST_NODE = 2;

/** What is done to a structure, and how. */
export interface Poisoned {
  readonly structure: Structure;
  readonly work: SmallWorkload;
  readonly memory: MemoryModelName;
  /** Whether a node that was taken out waits for a grace period before it is free. */
  readonly waits: boolean;
  /** Default: what is deferred is done behind the operation that deferred it. */
  readonly reclamation?: MakeReclamation;
  /** Makes operations go wrong; none for a structure as it is. */
  readonly breaking?: Breaking;
}

/** How an operation of a structure is made by a thread; what it returns, in few bits. */
type Step = (t: Thread) => Operation<number>;

/**
 * Threads use a structure; what is free is filled with poison, and nobody may read that. What operations return has to be
 * explained by some order of them all in which each thread's are in its own order, with what is left in the
 * structure at the end.
 *
 * No clock counts when operations begin and end: its atomics would order what the structure has to order. What was done
 * before is done from outside. So there are few enough states to take all of them under `weak`.
 */
export function poisoning(use: Poisoned): Scenario {
  const { structure, work, memory, waits, reclamation: reclaim = shortestReclamation } = use;
  const { first, calls } = work;
  const breaking: Breaking = use.breaking ?? ((t, act) => act(t));
  const { defers = false, model } = structure;
  return scenario({
    name: 'a structure whose free nodes are poisoned',
    machine: { cpus: calls.length, maxThreads: calls.length, maxProcesses: 1, memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const reclamation = reclaim(machine, process, { threads: calls.length, defers });
      const { rcu } = reclamation;
      const made = structure.make(process, reclamation);
      const nodes = Array.from({ length: NODES }, () => process.allocate(NODE_STRIDE));
      for (const node of nodes) process.write32(node, POISON);
      const results = process.allocate(4 * calls.length);
      const stepOf = (make: Breaking, [name, which]: readonly [string, number]): Step => {
        const argument = nodes[which] ?? 0;
        return function* step(t) {
          const upkeep = made.upkeep?.[name];
          if (upkeep !== undefined) {
            yield* make(t, (user) => upkeep(user, which));
            return 0;
          }
          const section = yield* rcu.readLock(t);
          const result = yield* make(t, (user) => made.acts[name]!(user, section, argument));
          yield* rcu.readUnlock(t, section);
          yield* reclamation.settle(t);
          const node = made.nodeToFree(name, argument, result);
          if (node !== 0) {
            if (waits) yield* rcu.synchronize(t);
            yield* t.store(node, POISON);
          }
          return named(result, nodes);
        };
      };
      const watched: Breaking = (t, act) =>
        breaking(t, (user) => act(watching(user, (what) => lab.expect(false, what, t))));
      const before = first.map((call): Done => {
        const result = doneOutside(
          process,
          stepOf((t, act) => act(t), call),
        );
        return doneOf(call, result);
      });
      for (const [cpu, mine] of calls.entries()) {
        const steps = mine.map((call) => stepOf(watched, call));
        process.spawn(
          function* user(t) {
            let returned = 0;
            for (const step of steps) returned = (returned << RESULT_BITS) | (yield* step(t));
            yield* t.storeRelease(results + 4 * cpu, returned);
          },
          { cpu },
        );
      }
      return { process, made, nodes, results, before };
    },
    check({ process, made, nodes, results, before }: Ends, lab) {
      // Where free memory was read the structure may lead anywhere.
      if (lab.findings.length > 0) return;
      const threads = calls.map((mine, cpu) => {
        const returned = process.read32(results + 4 * cpu);
        return mine
          .map((call, n) => doneOf(call, (returned >> (RESULT_BITS * (mine.length - 1 - n))) & 7))
          .filter(({ name }) => made.upkeep?.[name] === undefined);
      });
      const behind = emptied(process, made, nodes);
      lab.expect(
        isSequential(
          {
            before: before.filter(({ name }) => made.upkeep?.[name] === undefined),
            threads,
            behind,
          },
          model,
        ),
        `an order that explains ${JSON.stringify({ before, threads, behind })}`,
      );
    },
  });
}

/** Nodes that there are. */
const NODES = 3;
/** Apart enough for the hash of a node to be its place. */
const NODE_STRIDE = 32;

interface Ends {
  readonly process: Process;
  readonly made: Reclaimed;
  readonly nodes: readonly number[];
  readonly results: number;
  readonly before: readonly Done[];
}

function doneOf([name, which]: readonly [string, number], result: number): Done {
  return { name, argument: which < 0 ? 0 : which + FIRST_NODE, result };
}

/** A result in few bits: a node by its place, whatever else as it is. */
function named(result: number, nodes: readonly number[]): number {
  const place = nodes.indexOf(result);
  return place < 0 ? result & 1 : place + FIRST_NODE;
}

/** What is left in a structure in the end, as operations that nobody comes in between. */
function emptied(process: Process, made: Reclaimed, nodes: readonly number[]): Done[] {
  const isContainer = made.acts['take'] !== undefined;
  const calls = isContainer
    ? [...nodes, 0].map((): readonly [string, number] => ['take', -1])
    : nodes.map((_, which): readonly [string, number] => ['has', which]);
  return calls.map(([name, which]) => {
    const act = (t: Thread): Operation<number> =>
      made.acts[name]!(t, 0 as RcuToken, nodes[which] ?? 0);
    return doneOf([name, which], named(doneOutside(process, act), nodes));
  });
}

/** A thread that tells when it reads what is free. */
function watching(user: Thread, tell: (what: string) => void): Thread {
  const looked = <Parameters extends readonly unknown[]>(
    access: (...parameters: Parameters) => Operation<number>,
  ) =>
    function* read(...parameters: Parameters): Operation<number> {
      const value = yield* access(...parameters);
      if ((value & ~FLAGS) === POISON) tell('no memory to be read that is free');
      return value;
    };
  return changed(user, {
    load: looked((address: number) => user.load(address)),
    loadAcquire: looked((address: number) => user.loadAcquire(address)),
    waitUntilNotEqual: looked((address: number, value: number) =>
      user.waitUntilNotEqual(address, value),
    ),
    exchange: looked((address: number, value: number) => user.exchange(address, value)),
    compareExchange: looked((address: number, expected: number, value: number) =>
      user.compareExchange(address, expected, value),
    ),
    fetchOr: looked((address: number, bits: number) => user.fetchOr(address, bits)),
  });
}
