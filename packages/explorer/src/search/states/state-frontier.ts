import { EndlessStates } from './endless-states.js';
import { StateDraft } from './state-draft.js';
import { StateList } from './state-list.js';
import type { StateParts } from './state-parts.js';
import { StateStatus, StateStore } from './state-store.js';
import type { StateIdentity } from './state-store.js';

/** Stands for the number of kernel events among the slots of a state. */
const EVENTS_SLOT = 0x7fff_0000;

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
  readonly present: StateDraft;
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
  readonly #countsEvents: boolean;
  readonly #open = new StateList();
  #waiting = new StateList();
  /** A state that waited for its layer. */
  readonly #waited: StateDraft;
  /** The words of a state that tell it apart, where they are kept. */
  readonly #canonical: Int32Array | undefined;
  readonly #base: readonly number[];

  /** Starts in what slots hold at the start of a run, which is no state yet. */
  constructor(parts: StateParts, { identity = 64, countsEvents = false }: FrontierOptions) {
    this.#parts = parts;
    this.#countsEvents = countsEvents;
    this.#base = parts.base;
    this.store = new StateStore(identity);
    this.present = this.draft();
    this.#waited = this.draft();
    this.#canonical = identity === 'whole' ? new Int32Array(this.present.words.length) : undefined;
    this.present.words.set(this.#base);
    this.store.widen(this.#base.length, this.#base);
  }

  /** A place for a state in the making. */
  draft(): StateDraft {
    return new StateDraft(this.store.lanes, this.#parts);
  }

  /** States have another slot, in which all states so far hold `value`. */
  extend(slot: number, value: number): void {
    this.present.words[slot] = value;
    this.#open.fill(slot, value);
    this.#waiting.fill(slot, value);
    this.store.widen(this.#base.length, this.#base);
  }

  /** Goes to the next state of this layer, or of the next one; false when there is none. */
  advance(): boolean {
    while (this.#open.length === 0) {
      if (this.#waiting.length === 0) return false;
      this.#nextLayer();
    }
    this.state = this.#open.pop(this.present.words, this.#base.length);
    this.store.hashOf(this.state, this.present.hash);
    return true;
  }

  /**
   * Takes a transition from the present state.
   *
   * @param next the state that it leads to, made by changes of the present one
   * @param isEvent whether it begins with a kernel event
   */
  take(next: StateDraft, label: number, isEvent: boolean): void {
    next.finish(this.present.words);
    if (isEvent && this.#countsEvents) next.replace(EVENTS_SLOT, this.layer, this.layer + 1);
    const { store } = this;
    const words = this.#identityOf(next);
    const number = store.find(next.hash, words);
    const status = store.statusOf(number);
    if (this.state >= 0) this.endless.edge(this.state, number, label);
    if (status === StateStatus.Reached || (status === StateStatus.Waiting && isEvent)) {
      this.meetings += 1;
      return;
    }
    store.note(number, next.hash, words, StateStatus.Waiting);
    store.cameFrom(number, this.state, label);
    if (isEvent) this.#waiting.push(number, next.words, this.#base.length);
    else this.#reach(number, next.words);
  }

  #identityOf(state: StateDraft): Int32Array {
    if (this.#canonical === undefined) return state.words;
    state.canonical(this.#canonical);
    return this.#canonical;
  }

  #nextLayer(): void {
    this.layer += 1;
    const waiting = this.#waiting;
    this.#waiting = new StateList();
    const { words } = this.#waited;
    while (waiting.length > 0) {
      const state = waiting.pop(words, this.#base.length);
      if (this.store.statusOf(state) === StateStatus.Waiting) this.#reach(state, words);
      else this.meetings += 1;
    }
  }

  #reach(state: number, words: Int32Array): void {
    this.store.reach(state);
    this.reached += 1;
    this.mostEvents = this.layer;
    this.#open.push(state, words, this.#base.length);
  }
}
