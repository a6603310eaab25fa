import type { LeastImage } from '../symmetry/least-image.js';
import { CountedEntries } from './counted-entries.js';
import { EndlessStates } from './endless-states.js';
import type { Frontier } from './frontier.js';
import { MovingState } from './moving-state.js';
import { StateKey } from './state-key.js';
import type { StateIdentity } from './state-key.js';
import { StateList } from './state-list.js';
import type { StateParts } from './state-parts.js';
import { StateStatus, StateStore } from './state-store.js';
import type { TransitionLabels } from './transition-labels.js';

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
export class StateFrontier implements Frontier {
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
  readonly #labels: TransitionLabels;
  readonly #key: StateKey;
  /** Undefined where no threads are interchangeable. */
  readonly #least: LeastImage | undefined;
  readonly #countsEvents: boolean;
  /** States of this layer, by number; by its complement those that waited for the layer. */
  #open: StateList;
  /** States of the next layer. */
  #waiting: StateList;
  readonly #counted: CountedEntries;

  /**
   * Starts in what slots hold at the start of a run, which is no state yet.
   *
   * @param labels names of transitions
   * @param least by what states are one that interchangeable threads make of each other
   */
  constructor(
    parts: StateParts,
    { identity = 64, countsEvents = false }: FrontierOptions,
    labels: TransitionLabels,
    least?: LeastImage,
  ) {
    this.#least = least;
    const { threads } = parts.layout;
    this.#labels = labels;
    this.#countsEvents = countsEvents;
    this.#key = new StateKey(identity, threads);
    this.store = new StateStore(this.#key.words.length);
    this.present = new MovingState(parts);
    this.#open = new StateList(threads);
    this.#waiting = new StateList(threads);
    this.#counted = new CountedEntries(parts, this.present);
  }

  /** Goes back to the start and forgets all states; what their parts are by number stays. */
  begin(): void {
    this.state = -1;
    this.layer = 0;
    this.reached = 0;
    this.mostEvents = 0;
    this.meetings = 0;
    this.store.begin();
    this.endless.begin();
    this.present.begin();
    this.#open.length = 0;
    this.#waiting.length = 0;
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

  path(): number[] {
    return this.#labels.decisionsOf(this.store.pathTo(this.state));
  }

  leave(): void {
    this.endless.leave(this.state);
  }

  #keyOf(events: number): Int32Array {
    const least = this.#least;
    const entries = this.#counted.number();
    if (least === undefined) return this.#key.compute(this.present, entries, events);
    least.compute(this.present, entries, this.#counted.all);
    return this.#key.compute(least, least.entries, events);
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
