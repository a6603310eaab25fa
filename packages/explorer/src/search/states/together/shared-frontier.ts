import { CountedEntries } from '../counted-entries.js';
import type { Frontier } from '../frontier.js';
import { MovingState } from '../moving-state.js';
import type { FrontierOptions } from '../state-frontier.js';
import { StateKey } from '../state-key.js';
import { StateList } from '../state-list.js';
import type { StateParts } from '../state-parts.js';
import type { TransitionLabels } from '../transition-labels.js';
import { EdgeLog } from './edge-log.js';
import { PartExchange } from './part-exchange.js';
import { PartRegistry } from './part-registry.js';
import type { SearchMemory } from './search-memory.js';
import { Meeting, SharedStore } from './shared-store.js';

/** Words of a state that is handed over, besides those of its threads: its number, and three of its parts. */
const FIELDS = 4;

/** Words of a state that is handed over. */
export function stateWords(threads: number): number {
  return FIELDS + threads;
}

/**
 * The states that one of several threads has come to and whose transitions it has still to take; all threads share
 * what states there are. One layer is a search of its own: what waits for one more kernel event is kept for the next.
 */
export class SharedFrontier implements Frontier {
  readonly present: MovingState;
  /** Its number; 0 before the start. */
  state = 0;
  layer = 0;
  /** States that this thread reached first. */
  reached = 0;
  /** Most kernel events on the way to one of them. */
  mostEvents = 0;
  /** Transitions to states that were known. */
  meetings = 0;
  readonly store: SharedStore;
  readonly registry: PartRegistry;
  readonly edges: EdgeLog = new EdgeLog();
  readonly #key: StateKey;
  readonly #countsEvents: boolean;
  readonly #counted: CountedEntries;
  readonly #exchange: PartExchange;
  /** Numbers of the present state that all threads have in common. */
  readonly #common: { kernel: number; memory: number; readonly threads: Int32Array };
  /** States of this layer, by number; by its complement those that waited for the layer. */
  #open: StateList;
  /** States of the next layer. */
  #waiting: StateList;

  /** Starts in what slots hold at the start of a run, which is no state yet. */
  constructor(
    parts: StateParts,
    { identity = 64, countsEvents = false }: FrontierOptions,
    labels: TransitionLabels,
    memory: SearchMemory,
  ) {
    const { threads } = parts.layout;
    this.#countsEvents = countsEvents;
    this.#key = new StateKey(identity, threads);
    this.store = new SharedStore(this.#key.words.length, memory.states);
    this.registry = new PartRegistry(memory.parts);
    const state = (this.present = new MovingState(parts));
    const counted = (this.#counted = new CountedEntries(parts, state));
    this.#exchange = new PartExchange(this.registry, parts, state, counted, labels);
    this.#common = { kernel: 0, memory: 0, threads: new Int32Array(threads) };
    this.#open = new StateList(threads);
    this.#waiting = new StateList(threads);
  }

  /** States whose transitions are to be taken in this layer. */
  get open(): number {
    return this.#open.length;
  }

  /** States that wait for the next layer. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Goes to the next state of this layer; false when there is none. */
  advance(): boolean {
    while (this.#open.length > 0) {
      const entry = this.#open.pop(this.present);
      this.state = entry < 0 ? ~entry : entry;
      if (entry >= 0) return true;
      if (this.store.reach(this.state)) {
        this.#reach();
        return true;
      }
      this.meetings += 1;
    }
    return false;
  }

  take(label: number, isEvent: boolean): void {
    const { store, present } = this;
    const events = !this.#countsEvents ? 0 : isEvent ? this.layer + 1 : this.layer;
    const met = store.meet(
      this.#keyOf(events),
      isEvent,
      this.state,
      this.#exchange.labels.common(label),
    );
    if (this.state > 0) this.edges.edge(this.state, store.state);
    if (met === Meeting.Known) this.meetings += 1;
    else if (isEvent) this.#waiting.push(~store.state, present);
    else {
      this.#reach();
      this.#open.push(store.state, present);
    }
  }

  path(): number[] {
    return this.#exchange.decisionsOf(this.store.pathTo(this.state));
  }

  leave(): void {
    this.store.leave(this.state);
  }

  /** A layer begins, with the states that waited for it. */
  beginLayer(layer: number): void {
    if (layer === this.layer) return;
    this.layer = layer;
    const emptied = this.#open;
    this.#open = this.#waiting;
    this.#waiting = emptied;
  }

  /** Hands so many states of this layer over to others, those that it came to first. */
  handOver(count: number): Int32Array {
    const states = this.#told(this.#open, count);
    this.#open.dropFirst(count);
    return states;
  }

  /** All states of this layer, or of the next, for others; they stay here, too. */
  copyOf(list: 'open' | 'waiting'): Int32Array {
    const states = list === 'open' ? this.#open : this.#waiting;
    return this.#told(states, states.length);
  }

  /** Takes states from others. */
  accept(states: Int32Array, list: 'open' | 'waiting' = 'open'): void {
    const { present } = this;
    const { kernel, entries, memory, threads } = this.#exchange;
    const stride = stateWords(present.threads.length);
    const into = list === 'open' ? this.#open : this.#waiting;
    present.marks = 0;
    for (let at = 0; at < states.length; at += stride) {
      for (let i = 0; i < present.threads.length; i++)
        present.threads[i] = threads.own(states[at + FIELDS + i]!);
      present.kernel = kernel.own(states[at + 1]!);
      present.entries = entries.own(states[at + 2]!);
      present.memory = memory.own(states[at + 3]!);
      into.push(states[at]!, present);
    }
  }

  #told(list: StateList, count: number): Int32Array {
    const { present } = this;
    const { kernel, entries, memory, threads } = this.#exchange;
    const stride = stateWords(present.threads.length);
    const states = new Int32Array(count * stride);
    for (let place = 0; place < count; place++) {
      const at = place * stride;
      states[at] = list.enter(place, present);
      states[at + 1] = kernel.common(present.kernel);
      states[at + 2] = entries.common(present.entries);
      states[at + 3] = memory.common(present.memory);
      for (let i = 0; i < present.threads.length; i++)
        states[at + FIELDS + i] = threads.common(present.threads[i]!);
    }
    return states;
  }

  #keyOf(events: number): Int32Array {
    const { present } = this;
    const common = this.#common;
    const { kernel, counted, memory, threads } = this.#exchange;
    common.kernel = kernel.common(present.kernel);
    common.memory = memory.common(present.memory);
    for (let i = 0; i < common.threads.length; i++)
      common.threads[i] = threads.common(present.threads[i]!);
    return this.#key.compute(common, counted.common(this.#counted.number()), events);
  }

  #reach(): void {
    this.reached += 1;
    this.mostEvents = this.layer;
  }
}
