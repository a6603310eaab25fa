import type { PassCounts } from '../../exhaustive-pass.js';
import type { EdgeRecord } from './edge-log.js';
import type { WordFacts } from '../word-owners.js';
import type { SearchMemory } from './search-memory.js';

/** States that somebody has to take transitions from, by common numbers. */
export interface OpenStates {
  /** Of this layer. */
  readonly open: Int32Array;
  /** Of the next. */
  readonly waiting: Int32Array;
}

/** From the start to the end of a search, unless something is relied on in it that turns out to be wrong. */
export interface LanePass {
  /** From 0 on: who did another before begins anew. */
  readonly number: number;
  /** Whether states are left out that tell nothing new. */
  readonly reduces: boolean;
  /** Addresses of words that are known to be shared. */
  readonly shared: readonly number[];
}

/** What one of those who search together is to do until the next round. */
export interface LaneRound {
  /** What is shared. */
  readonly memory: SearchMemory;
  /** The pass that it is a round of. */
  readonly pass: LanePass;
  /** How many take part. */
  readonly lanes: number;
  /** Kernel events on the way to the states whose transitions are taken. */
  readonly layer: number;
  /** Whether it begins at the start of a run. */
  readonly isStart: boolean;
  /** Most states that it goes on to before the round ends; default any number. */
  readonly most?: number;
  /** States to go on from besides its own. */
  readonly states?: OpenStates;
  /** Whether it is told what it has still to do, so that others can go on from there. */
  readonly keeps: boolean;
  /** Whether all take turns in one thread, so that none waits for another; default not. */
  readonly inTurns?: boolean;
}

/** What came of it. */
export interface LaneReport {
  /** What it counted since it began to take part. */
  readonly counts: PassCounts;
  /** Whether a kernel event was not taken as there were too many on the way. */
  readonly isBounded: boolean;
  /** Whether there is nothing left of this layer. */
  readonly isDone: boolean;
  /** States that wait for the next layer. */
  readonly waiting: number;
  /** Something was found, or cannot be searched in this way: one thread has to go there by its own way. */
  readonly needsOne: boolean;
  /** What it knows of words of memory; empty where no states are left out. */
  readonly owners: readonly WordFacts[];
  /** Transitions that it took since it began to take part. */
  readonly edges: EdgeRecord;
  /** What it has still to do; where that was asked for. */
  readonly states?: OpenStates;
}
