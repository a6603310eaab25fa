import type { LeastImage } from '../symmetry/least-image.js';
import { Combinations } from './combinations.js';
import { EdgeTable } from './edge-table.js';
import { EndlessStates } from './endless-states.js';
import { MovingState } from './moving-state.js';
import { StateKey } from './state-key.js';
import type { StateIdentity } from './state-key.js';
import { StateList } from './state-list.js';
import type { StateParts } from './state-parts.js';
import { StateStatus, StateStore } from './state-store.js';

/** Stands for how a thread came into the kernel that is not there. */
const NOT_IN_KERNEL = -1;

/** How states are told apart. */
export interface FrontierOptions {
  /** By what of a state; default 64 bits of a hash. */
  readonly identity?: StateIdentity;
  /** Tells states apart by the kernel events on the way, too, as checkers without layers do. */
  readonly countsEvents?: boolean;
}

/**
 * The states met so far and those whose transitions are still to be taken: first those of this layer,
 * then those with one more kernel event on the way. So a state is reached with as few as any.
 */
export class StateFrontier {
  /** The state whose transitions are taken. */
  readonly present: MovingState;
  /** Its number; -1 before the start. */
  state = -1;
  /** Kernel events on the way to the states of this layer. */
  layer = 0;
  /** States reached. */
  reached = 0;
  /** Most kernel events on the way to a state. */
  mostEvents = 0;
  /** Transitions to states that were known. */
  meetings = 0;
  /** The states, by number. */
  readonly store: StateStore;
  /** Which states lead to an end. */
  readonly endless: EndlessStates = new EndlessStates();
  readonly #parts: StateParts;
  readonly #key: StateKey;
  /** Undefined where no threads are interchangeable. */
  readonly #least: LeastImage | undefined;
  readonly #countsEvents: boolean;
  /** States of this layer, by number; by its complement those that waited for the layer. */
  #open: StateList;
  /** States of the next layer. */
  #waiting: StateList;
  /** Combinations of entries in which only those count of threads that are in the kernel. */
  readonly #counted: Combinations;
  readonly #countedOf = new EdgeTable();

  /**
   * Starts in what slots hold at the start of a run, which is no state yet.
   *
   * @param least by what states are one that interchangeable threads make of each other
   */
  constructor(
    parts: StateParts,
    { identity = 64, countsEvents = false }: FrontierOptions,
    least?: LeastImage,
  ) {
    this.#least = least;
    const { threads } = parts.layout;
    this.#parts = parts;
    this.#countsEvents = countsEvents;
    this.#key = new StateKey(identity, threads);
    this.store = new StateStore(this.#key.words.length);
    this.present = new MovingState(parts);
    this.#open = new StateList(threads);
    this.#waiting = new StateList(threads);
    this.#counted = new Combinations(Array.from({ length: threads }, () => NOT_IN_KERNEL));
  }

  /** Goes to the next state of this layer, or of the next one; false when there is none. */
  advance(): boolean {
    for (;;) {
      if (this.#open.length === 0 && !this.#nextLayer()) return false;
      const entry = this.#open.pop(this.present);
      this.state = entry < 0 ? ~entry : entry;
      if (entry >= 0 || this.#isToBeReached()) return true;
    }
  }

  /**
   * Notes that a transition led from the state that was entered last to where the present one is now.
   *
   * @param isEvent whether it begins with a kernel event
   */
  take(label: number, isEvent: boolean): void {
    const { store, present } = this;
    const events = !this.#countsEvents ? 0 : isEvent ? this.layer + 1 : this.layer;
    const key = this.#keyOf(events);
    let number = store.find(key);
    if (this.state >= 0) this.endless.edge(this.state, number, label);
    const status = store.foundStatus;
    if (status === StateStatus.Reached || (status === StateStatus.Waiting && isEvent)) {
      this.meetings += 1;
      return;
    }
    if (status === StateStatus.New)
      number = store.add(key, isEvent ? StateStatus.Waiting : StateStatus.Reached);
    store.cameFrom(number, this.state, label);
    if (isEvent) this.#waiting.push(~number, present);
    else {
      this.#reach(number);
      this.#open.push(number, present);
    }
  }

  #keyOf(events: number): Int32Array {
    const least = this.#least;
    const entries = this.#countedEntries();
    if (least === undefined) return this.#key.compute(this.present, entries, events);
    least.compute(this.present, entries, this.#counted);
    return this.#key.compute(least, least.entries, events);
  }

  /** The number of those entries that count. */
  #countedEntries(): number {
    const { kernel, entries } = this.present;
    const inKernel = this.#parts.kernel.inKernel(kernel);
    if (inKernel === 0) return 0;
    const known = this.#countedOf.find(entries, inKernel);
    return known >= 0 ? known : this.#count(entries, inKernel);
  }

  #count(entries: number, inKernel: number): number {
    const words = new Int32Array(this.#parts.layout.threads);
    this.present.allEntries.read(entries, words, 0);
    const effects: number[] = [];
    for (let thread = 0; thread < words.length; thread++)
      if (((inKernel >>> thread) & 1) === 1) effects.push(thread, words[thread]!);
    const counted = this.#counted.after(0, this.#counted.change(effects));
    this.#countedOf.add(entries, inKernel, counted);
    return counted;
  }

  /** Opens the states that waited for one more kernel event; false when there are none. */
  #nextLayer(): boolean {
    if (this.#waiting.length === 0) return false;
    this.layer += 1;
    const emptied = this.#open;
    this.#open = this.#waiting;
    this.#waiting = emptied;
    return true;
  }

  /** Whether the present state, which waited for this layer, was not reached since in another way. */
  #isToBeReached(): boolean {
    if (this.store.statusOf(this.state) === StateStatus.Waiting) {
      this.#reach(this.state);
      return true;
    }
    this.meetings += 1;
    return false;
  }

  #reach(state: number): void {
    this.store.note(state, StateStatus.Reached);
    this.reached += 1;
    this.mostEvents = this.layer;
  }
}
