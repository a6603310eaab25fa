import { EndlessStates } from './endless-states.js';
import { MOST_LANES, laneOf } from './state-lanes.js';
import { StateList } from './state-list.js';
import { StateStatus, StateStore } from './state-store.js';
import type { StateIdentity } from './state-store.js';

/** Stands for the number of kernel events among the slots of a state. */
const EVENTS_SLOT = 0x7fff_0000;

/** Slots that a state can have. */
const MOST_SLOTS = 1 << 16;

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
  readonly words: Int32Array = new Int32Array(MOST_SLOTS);
  /** The state that the last transition led to. */
  readonly next: Int32Array = new Int32Array(MOST_SLOTS);
  /** Number of the state whose transitions are taken; -1 before the start. */
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
  readonly #countsEvents: boolean;
  readonly #lanes: number;
  readonly #hash = new Int32Array(MOST_LANES);
  readonly #nextHash = new Int32Array(MOST_LANES);
  readonly #open = new StateList();
  #waiting = new StateList();
  #base: readonly number[] = [];

  constructor({ identity = 64, countsEvents = false }: FrontierOptions) {
    this.#countsEvents = countsEvents;
    this.store = new StateStore(identity);
    this.#lanes = this.store.lanes;
  }

  /** Starts in a state that is not one of them: what its slots hold. */
  begin(base: readonly number[]): void {
    this.#base = base;
    for (let slot = 0; slot < base.length; slot++) {
      this.words[slot] = base[slot]!;
      for (let lane = 0; lane < this.#lanes; lane++)
        this.#hash[lane] = (this.#hash[lane]! + laneOf(lane, slot, base[slot]!)) | 0;
    }
    this.store.widen(base.length, base);
  }

  /** States have another slot, in which all states so far hold `value`. */
  extend(slot: number, value: number): void {
    this.words[slot] = value;
    this.next[slot] = value;
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
    this.state = this.#open.pop(this.words, this.#base.length);
    this.store.hashOf(this.state, this.#hash);
    return true;
  }

  /**
   * Takes a transition from the present state.
   *
   * @param effects (slot, value), from `first` to below `end`
   * @returns the number of the state that it leads to
   */
  take(effects: Int32Array, first: number, end: number, label: number, isEvent: boolean): number {
    const width = this.#base.length;
    for (let slot = 0; slot < width; slot++) this.next[slot] = this.words[slot]!;
    for (let lane = 0; lane < this.#lanes; lane++) this.#nextHash[lane] = this.#hash[lane]!;
    for (let at = first; at < end; at += 2) {
      const slot = effects[at]!;
      this.#count(slot, this.next[slot]!, effects[at + 1]!);
      this.next[slot] = effects[at + 1]!;
    }
    if (isEvent && this.#countsEvents) this.#count(EVENTS_SLOT, this.layer, this.layer + 1);
    return this.#arrive(label, isEvent);
  }

  #count(slot: number, before: number, value: number): void {
    if (before === value) return;
    const hash = this.#nextHash;
    for (let lane = 0; lane < this.#lanes; lane++)
      hash[lane] = (hash[lane]! - laneOf(lane, slot, before) + laneOf(lane, slot, value)) | 0;
  }

  #arrive(label: number, isEvent: boolean): number {
    const { store } = this;
    const next = store.find(this.#nextHash, this.next);
    const status = store.statusOf(next);
    if (this.state >= 0) this.endless.edge(this.state, next, label);
    if (status === StateStatus.Reached || (status === StateStatus.Waiting && isEvent)) {
      this.meetings += 1;
      return next;
    }
    store.note(next, this.#nextHash, this.next, StateStatus.Waiting);
    store.cameFrom(next, this.state, label);
    if (isEvent) this.#waiting.push(next, this.next, this.#base.length);
    else this.#reach(next);
    return next;
  }

  #nextLayer(): void {
    this.layer += 1;
    const waiting = this.#waiting;
    this.#waiting = new StateList();
    while (waiting.length > 0) {
      const state = waiting.pop(this.next, this.#base.length);
      if (this.store.statusOf(state) === StateStatus.Waiting) {
        this.store.hashOf(state, this.#nextHash);
        this.#reach(state);
      } else this.meetings += 1;
    }
  }

  #reach(state: number): void {
    this.store.note(state, this.#nextHash, this.next, StateStatus.Reached);
    this.reached += 1;
    this.mostEvents = this.layer;
    this.#open.push(state, this.next, this.#base.length);
  }
}
