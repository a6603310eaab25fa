import type { UnitEvent } from '../stateless/search-unit.js';

/**
 * A part of a search for graphs: all paths that begin with these words, but for those that begin, up
 * to the order of what does not conflict, with an event that is asleep. Plain data.
 */
export interface GraphUnit {
  /** Decisions, each followed by the answers that were given in the middle of it. */
  readonly words: readonly number[];
  /** Decisions among them. */
  readonly decisions: number;
  /** Kernel events among them. */
  readonly events: number;
  readonly asleep: readonly UnitEvent[];
}

/** What a part met; plain data. Parts may meet the same. */
export interface GraphNotes {
  /** By least number of kernel events: states with their classes, three words each. */
  readonly states: readonly (readonly number[])[];
  /** Questions in the middle of something: a fingerprint, and how many answers there are beside one. */
  readonly questions: readonly number[];
  /** States where nobody can go on, and classes of complete executions: two words each. */
  readonly blocked: readonly number[];
  readonly classes: readonly number[];
  /** Most kernel events on a path to the end. */
  readonly mostEvents: number;
}

/** How a part ended. */
export interface PartEnd {
  /** `failed` at a finding or a bound: what comes of it is told by a search of everything. */
  readonly end: 'all' | 'failed' | 'too-long';
  readonly executions: number;
}

/** How the search of a unit ended. */
export interface GraphResult extends PartEnd {
  readonly notes: GraphNotes;
}
