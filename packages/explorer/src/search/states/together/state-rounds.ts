import type { PassCounts, PassResult } from '../../exhaustive-pass.js';
import { ownersTogether } from '../word-owners.js';
import type { OwnersTogether, WordFacts } from '../word-owners.js';
import type { EdgeRecord } from './edge-log.js';
import { joinedWords } from './joined-words.js';
import type { LanePass, LaneReport, LaneRound, OpenStates } from './lane-round.js';
import { newMemory, roomierMemory } from './search-memory.js';
import type { SearchMemory, SearchShape } from './search-memory.js';
import { WorkPool } from './work-pool.js';

/** States that one lane goes on to before it is worth to have others. */
const FIRST_STATES = 512;

/** What a lane is asked: to search, to look for what never ends, or to search alone by its own way. */
export type LaneWork =
  | {
      /** What to search. */
      readonly search: LaneRound;
    }
  | {
      /** How large what is shared is. */
      readonly shape: SearchShape;
      /** What states there are. */
      readonly memory: SearchMemory;
      /** Transitions, by who took them. */
      readonly edges: readonly EdgeRecord[];
    }
  | 'everything';

/** A search of states as far as it has come between two rounds: who has it can go on from there. */
export interface SearchedStates {
  /** What states there are. */
  readonly memory: SearchMemory;
  /** The pass that it is in. */
  readonly pass: LanePass;
  /** Kernel events on the way to the states that are searched. */
  readonly layer: number;
  /** Counts so far. */
  readonly counts: PassCounts;
  /** Whether a kernel event was not taken as there were too many on the way. */
  readonly isBounded: boolean;
  /** What is known of words of memory. */
  readonly owners: readonly WordFacts[];
  /** Transitions, by who took them. */
  readonly edges: readonly EdgeRecord[];
  /** What is still to be done. */
  readonly states: OpenStates;
}

/** How rounds are made. */
export interface RoundOptions {
  /** How large what is shared is. */
  readonly shape: SearchShape;
  /** Whether states are left out that tell nothing new. */
  readonly reduces: boolean;
  /** How many search together. */
  readonly lanes: number;
  /** Most executions. */
  readonly executions: number;
  /** Whether it is kept between rounds what is still to be done. */
  readonly keeps: boolean;
  /** Most states that a lane goes on to in a round; default any number. */
  readonly most?: number;
  /** States that one lane goes on to before others take part; default 512. */
  readonly first?: number;
  /** Whether all take turns in one thread. */
  readonly inTurns?: boolean;
  /** What to go on from; default the start of a run. */
  readonly from?: SearchedStates;
}

const NO_COUNTS: PassCounts = { executions: 0, classes: 0, blocked: 0, states: 0, kernelEvents: 0 };

/**
 * A search of states in rounds, in each of which several lanes do their part at the same time.
 *
 * Between rounds nobody searches: then memory is made larger, the next layer begins, and what was done can be kept.
 */
export class StateRounds {
  readonly #options: RoundOptions;
  /** What is gone on from. */
  #before: SearchedStates | undefined;
  #pass: LanePass;
  #pool: WorkPool;
  #memory: SearchMemory;
  #layer: number;
  /** What came of the last round, by lane. */
  #reports: readonly LaneReport[] = [];
  #needsOne = false;
  #isSwept = false;

  /** @throws RangeError where there is no memory */
  constructor(options: RoundOptions) {
    const { shape, reduces, from } = options;
    this.#options = options;
    this.#before = from;
    this.#pass = from?.pass ?? { number: 0, reduces, shared: [] };
    this.#memory = newMemory(shape, from);
    this.#layer = from?.layer ?? 0;
    this.#pool = new WorkPool(this.#memory.pool, shape.stateWords);
  }

  /**
   * What lanes are to do next, the first of them first; undefined when there is nothing more to do.
   *
   * @throws RangeError where there is no memory for more states
   */
  next(): readonly LaneWork[] | undefined {
    if (this.#needsOne || this.#isSwept) return undefined;
    if (this.#isLayerDone) {
      if (this.#reports.every(({ waiting }) => waiting === 0))
        return [{ shape: this.#options.shape, memory: this.#memory, edges: this.#edges }];
      this.#layer += 1;
      this.#pool.beginLayer();
    }
    this.#memory = roomierMemory(this.#memory, this.#options.shape);
    this.#pool.begin();
    return this.#searches();
  }

  /** Takes in what came of the round, in the order of the lanes; of a look for what never ends, how many states. */
  note(reports: readonly LaneReport[] | number): void {
    if (typeof reports === 'number') {
      this.#isSwept = true;
      this.#needsOne = reports > 0;
      return;
    }
    this.#reports = reports;
    this.#needsOne = reports.some(({ needsOne }) => needsOne);
    if (this.counts.executions >= this.#options.executions) this.#needsOne = true;
    if (this.#needsOne) return;
    const { wrong, isForeign } = this.#owners;
    if (isForeign) this.#beginAgain(false, []);
    else if (wrong.length > 0) this.#beginAgain(true, wrong);
  }

  /** Begins another pass, since something was relied on that is wrong. */
  #beginAgain(reduces: boolean, wrong: readonly number[]): void {
    const { number, shared } = this.#pass;
    const { shape } = this.#options;
    this.#pass = { number: number + 1, reduces, shared: [...shared, ...wrong] };
    this.#before = undefined;
    this.#reports = [];
    this.#layer = 0;
    this.#memory = newMemory(shape);
    this.#pool = new WorkPool(this.#memory.pool, shape.stateWords);
  }

  /** Whether one lane has to search by its own way, as it would alone: then what was done counts for nothing. */
  get needsOne(): boolean {
    return this.#needsOne;
  }

  /** What the search came to, as plain data, once every state was searched. */
  get value(): Omit<PassResult, 'decisions'> {
    return { end: this.#isBounded ? 'bounded' : 'all', ...this.counts };
  }

  /** Tells all lanes to come to an end of their round; from any thread. */
  stop(): void {
    this.#pool.isStopped = true;
  }

  /**
   * What is done and what is to be done, where rounds keep that; between two rounds. Undefined where nothing of it
   * counts.
   */
  get soFar(): SearchedStates | undefined {
    if (this.#needsOne || this.#reports.length === 0) return undefined;
    const states = this.#reports.map((report) => report.states!);
    return {
      memory: this.#memory,
      pass: this.#pass,
      layer: this.#layer,
      counts: this.counts,
      isBounded: this.#isBounded,
      owners: this.#owners.facts,
      edges: this.#edges,
      states: {
        open: joinedWords([this.#pool.states, ...states.map(({ open }) => open)]),
        waiting: joinedWords(states.map(({ waiting }) => waiting)),
      },
    };
  }

  /** Counts so far. */
  get counts(): PassCounts {
    const all = [
      ...(this.#before === undefined ? [] : [this.#before.counts]),
      ...this.#reports.map(({ counts }) => counts),
    ];
    return all.reduce(sum, NO_COUNTS);
  }

  get #edges(): readonly EdgeRecord[] {
    return [...(this.#before?.edges ?? []), ...this.#reports.map(({ edges }) => edges)];
  }

  get #owners(): OwnersTogether {
    const before = this.#before?.owners ?? [];
    return ownersTogether([...before, ...this.#reports.flatMap(({ owners }) => owners)]);
  }

  /** Whether kernel events were left out. */
  get #isBounded(): boolean {
    const isBounded = this.#reports.some((report) => report.isBounded);
    return isBounded || this.#before?.isBounded === true;
  }

  /** Whether all states of the layer were searched. */
  get #isLayerDone(): boolean {
    const reports = this.#reports;
    return reports.length > 0 && reports.every(({ isDone }) => isDone) && this.#pool.count === 0;
  }

  #searches(): readonly LaneWork[] {
    const { lanes: all, keeps, inTurns = false, most = Infinity } = this.#options;
    const { first = FIRST_STATES } = this.#options;
    const isFirst = this.#before === undefined && this.counts.states < first;
    const lanes = isFirst ? 1 : all;
    const isBegun = this.#before !== undefined || this.#reports.length > 0;
    return Array.from({ length: lanes }, (_, lane) => ({
      search: {
        memory: this.#memory,
        pass: this.#pass,
        lanes,
        layer: this.#layer,
        isStart: !isBegun,
        most: isFirst ? Math.min(most, first) : most,
        keeps,
        inTurns,
        ...(this.#reports.length === 0 && this.#share(lane, lanes)),
      },
    }));
  }

  /** A lane's share of what is to be done from before. */
  #share(lane: number, lanes: number): { readonly states?: OpenStates } {
    if (this.#before === undefined) return {};
    const { stateWords } = this.#options.shape;
    const { open, waiting } = this.#before.states;
    const part = (states: Int32Array): Int32Array => {
      const count = states.length / stateWords;
      const end = (index: number): number => Math.floor((count * index) / lanes) * stateWords;
      return states.slice(end(lane), end(lane + 1));
    };
    return { states: { open: part(open), waiting: part(waiting) } };
  }
}

function sum(a: PassCounts, b: PassCounts): PassCounts {
  return {
    executions: a.executions + b.executions,
    classes: 0,
    blocked: a.blocked + b.blocked,
    states: a.states + b.states,
    kernelEvents: Math.max(a.kernelEvents, b.kernelEvents),
  };
}
