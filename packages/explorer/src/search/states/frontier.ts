import type { MovingState } from './moving-state.js';

/** Where a search is, and who is told where transitions lead. */
export interface Frontier {
  /** The state whose transitions are taken. */
  readonly present: MovingState;
  /** Kernel events on the way to it. */
  readonly layer: number;
  /** States that were reached first by this search. */
  readonly reached: number;
  /** Most kernel events on the way to one of them. */
  readonly mostEvents: number;
  /** Transitions to states that were known. */
  readonly meetings: number;
  /**
   * Notes that a transition led from the state that was entered last to where the present one is now.
   *
   * @param isEvent whether it begins with a kernel event
   */
  take(label: number, isEvent: boolean): void;
  /** Decisions and answers that lead to the state that was entered last. */
  path(): number[];
  /** Notes that a run ends in that state, or that not every way on from it was taken. */
  leave(): void;
}
