import type { StateArena } from '../../base/state-arena.js';
import { FAIR_ENTITY_STRIDE, FairField } from './fair-entity.js';

/** Link words a thread: left child, right child, parent. */
const LINK_STRIDE = 3;
const LEFT = 0;
const RIGHT = 1;
const PARENT = 2;

const { Vruntime, Deadline, Least } = FairField;

/**
 * The queued fair threads of every CPU: for each CPU a treap ordered by (deadline, thread) and
 * augmented with the least vruntime below each node, so that the earliest deadline among the
 * eligible is found on one path.
 *
 * The heap priority of a thread is a fixed scrambling of its number: balanced on average, and the
 * same tree in every run. Insertion, removal and search are O(log n) expected.
 *
 * @source the augmented tree of kernel/sched/fair.c; Seidel and Aragon, "Randomized search
 * trees", Algorithmica 16 (1996)
 */
export class DeadlineTree {
  readonly #entities: Float64Array;
  readonly #links: Int32Array;
  readonly #roots: Int32Array;
  readonly #priorities: Uint32Array;
  #visits = 0;

  /**
   * @param entities the fair class's array; deadline and vruntime are read, `Least` is written
   * @param cpuLimit one more than the highest CPU number
   */
  constructor(arena: StateArena, entities: Float64Array, cpuLimit: number) {
    const maxThreads = entities.length / FAIR_ENTITY_STRIDE;
    this.#entities = entities;
    this.#links = arena.column('sched.treeLinks', maxThreads * LINK_STRIDE, 'accounting', -1);
    this.#roots = arena.column('sched.treeRoot', cpuLimit, 'accounting', -1);
    this.#priorities = new Uint32Array(maxThreads);
    for (let thread = 0; thread < maxThreads; thread++) this.#priorities[thread] = scramble(thread);
  }

  /** Nodes looked at since construction: what the growth of the operations is measured by. */
  get visits(): number {
    return this.#visits;
  }

  /** Adds a thread whose deadline and vruntime are set. */
  insert(cpu: number, thread: number): void {
    const links = this.#links;
    let parent = -1;
    let side = LEFT;
    for (let node = this.#roots[cpu]!; node >= 0; node = links[node * LINK_STRIDE + side]!) {
      this.#visits++;
      parent = node;
      side = this.#before(thread, node) ? LEFT : RIGHT;
    }
    const slot = thread * LINK_STRIDE;
    links[slot + LEFT] = -1;
    links[slot + RIGHT] = -1;
    links[slot + PARENT] = parent;
    if (parent < 0) this.#roots[cpu] = thread;
    else links[parent * LINK_STRIDE + side] = thread;
    this.#lowerLeast(thread, parent);
    const priority = this.#priorities[thread]!;
    for (;;) {
      const above = links[slot + PARENT]!;
      if (above < 0 || this.#priorities[above]! >= priority) return;
      this.#rotateUp(cpu, thread, above);
    }
  }

  /**
   * Takes a thread out; its deadline must be the one it was inserted with, and its vruntime the
   * one that was last announced.
   */
  remove(cpu: number, thread: number): void {
    const links = this.#links;
    const slot = thread * LINK_STRIDE;
    let left = links[slot + LEFT]!;
    let right = links[slot + RIGHT]!;
    while (left >= 0 && right >= 0) {
      const heir = this.#priorities[left]! > this.#priorities[right]! ? left : right;
      this.#rotateUp(cpu, heir, thread);
      left = links[slot + LEFT]!;
      right = links[slot + RIGHT]!;
    }
    const only = left >= 0 ? left : right;
    const parent = links[slot + PARENT]!;
    this.#replaceChild(cpu, parent, thread, only);
    this.#refreshFrom(parent);
  }

  /** Tells the tree that the vruntime of a member changed. */
  vruntimeChanged(thread: number): void {
    this.#refreshFrom(thread);
  }

  /**
   * The member with the earliest deadline among those whose vruntime is at most `limit`, or -1.
   * Of equal deadlines the lower thread number comes first.
   */
  earliestEligible(cpu: number, limit: number): number {
    const links = this.#links;
    const entities = this.#entities;
    let node = this.#roots[cpu]!;
    while (node >= 0) {
      this.#visits++;
      const left = links[node * LINK_STRIDE + LEFT]!;
      if (left >= 0 && entities[left * FAIR_ENTITY_STRIDE + Least]! <= limit) node = left;
      else if (entities[node * FAIR_ENTITY_STRIDE + Vruntime]! <= limit) return node;
      else node = links[node * LINK_STRIDE + RIGHT]!;
    }
    return -1;
  }

  #before(a: number, b: number): boolean {
    const deadlineA = this.#entities[a * FAIR_ENTITY_STRIDE + Deadline]!;
    const deadlineB = this.#entities[b * FAIR_ENTITY_STRIDE + Deadline]!;
    return deadlineA < deadlineB || (deadlineA === deadlineB && a < b);
  }

  #leastOf(node: number): number {
    return node < 0 ? Infinity : this.#entities[node * FAIR_ENTITY_STRIDE + Least]!;
  }

  #computeLeast(node: number): number {
    const slot = node * LINK_STRIDE;
    const own = this.#entities[node * FAIR_ENTITY_STRIDE + Vruntime]!;
    const left = this.#leastOf(this.#links[slot + LEFT]!);
    const right = this.#leastOf(this.#links[slot + RIGHT]!);
    const below = left < right ? left : right;
    return own < below ? own : below;
  }

  /** A new leaf: its own least, and that of every ancestor it undercuts. */
  #lowerLeast(leaf: number, parent: number): void {
    const entities = this.#entities;
    const vruntime = entities[leaf * FAIR_ENTITY_STRIDE + Vruntime]!;
    entities[leaf * FAIR_ENTITY_STRIDE + Least] = vruntime;
    for (let node = parent; node >= 0; node = this.#links[node * LINK_STRIDE + PARENT]!) {
      this.#visits++;
      if (entities[node * FAIR_ENTITY_STRIDE + Least]! <= vruntime) return;
      entities[node * FAIR_ENTITY_STRIDE + Least] = vruntime;
    }
  }

  /** Recomputes `Least` towards the root until one stays as it is. */
  #refreshFrom(start: number): void {
    for (let node = start; node >= 0; node = this.#links[node * LINK_STRIDE + PARENT]!) {
      this.#visits++;
      const least = this.#computeLeast(node);
      if (this.#entities[node * FAIR_ENTITY_STRIDE + Least] === least) return;
      this.#entities[node * FAIR_ENTITY_STRIDE + Least] = least;
    }
  }

  /** Exchanges a node with its parent; the order of members stays. */
  #rotateUp(cpu: number, child: number, parent: number): void {
    this.#visits++;
    const links = this.#links;
    const childSlot = child * LINK_STRIDE;
    const parentSlot = parent * LINK_STRIDE;
    const side = links[parentSlot + LEFT] === child ? LEFT : RIGHT;
    const other = side === LEFT ? RIGHT : LEFT;
    const inner = links[childSlot + other]!;
    this.#replaceChild(cpu, links[parentSlot + PARENT]!, parent, child);
    links[parentSlot + side] = inner;
    if (inner >= 0) links[inner * LINK_STRIDE + PARENT] = parent;
    links[childSlot + other] = parent;
    links[parentSlot + PARENT] = child;
    const entities = this.#entities;
    entities[child * FAIR_ENTITY_STRIDE + Least] = entities[parent * FAIR_ENTITY_STRIDE + Least]!;
    entities[parent * FAIR_ENTITY_STRIDE + Least] = this.#computeLeast(parent);
  }

  #replaceChild(cpu: number, parent: number, old: number, replacement: number): void {
    if (parent < 0) this.#roots[cpu] = replacement;
    else {
      const slot = parent * LINK_STRIDE;
      this.#links[slot + (this.#links[slot + LEFT] === old ? LEFT : RIGHT)] = replacement;
    }
    if (replacement >= 0) this.#links[replacement * LINK_STRIDE + PARENT] = parent;
  }
}

/** Spreads thread numbers over 32 bits. @source the finalizer of MurmurHash3 */
function scramble(thread: number): number {
  let bits = Math.imul(thread + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
