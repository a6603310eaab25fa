// All states of a small program, by making every path to each, and how many are left once those are one that
// differ in which of the equal threads is which. It knows what the words of such a program mean, where the search
// has to find that out, and shares none of its tables.
import { NO_DECISION, REGISTER_STRIDE, RegisterFile, ThreadState } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, Machine } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../../../src/scenario-runner.js';
import { FIRST_NAME, WORDS, scenarioOf } from './equal-threads.js';
import type { Action, EqualThreads, Notes } from './equal-threads.js';

/** What there is of a thread. */
interface ThreadPart {
  readonly kernel: readonly number[];
  readonly received: readonly (readonly [Action, number])[];
  readonly own: number;
}

/** A state in words of the program. */
interface ProgramState {
  readonly running: readonly number[];
  readonly threads: readonly ThreadPart[];
  readonly count: number;
  readonly name: number;
  readonly marks: number;
}

/** How many states there are, and how many of which none is another with threads in each other's places. */
export function orbitsOf(program: EqualThreads): {
  readonly states: number;
  readonly orbits: number;
} {
  const notes: Notes = { received: [], address: 0 };
  const director = new LookingDirector();
  const runner = new ScenarioRunner(scenarioOf(program, new Set(), notes), director);
  const states = new Map<string, ProgramState>();
  const open: number[][] = [[]];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    director.follow(path);
    let state: ProgramState | undefined;
    director.stopped = (): void => {
      state = stateOf(runner.machine, notes);
    };
    runner.run(director);
    if (!director.isQuestion) {
      state ??= stateOf(runner.machine, notes);
      const text = JSON.stringify(state);
      if (states.has(text)) continue;
      states.set(text, state);
    }
    for (const next of director.options) open.push([...path, next]);
  }
  const orders = ordersOf(Array.from({ length: program.equal }, (_, n) => n));
  const orbits = new Set(
    [...states.values()].map(
      (state) => orders.map((order) => JSON.stringify(inPlaces(state, order))).sort()[0],
    ),
  );
  return { states: states.size, orbits: orbits.size };
}

/** Follows a path, then looks at what is possible and stops. */
class LookingDirector implements Director {
  readonly name = 'looking';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  options: number[] = [];
  isQuestion = false;
  stopped: () => void = () => undefined;
  #path: readonly number[] = [];
  #at = 0;
  #isOver = false;

  follow(path: readonly number[]): void {
    this.#path = path;
    this.#at = 0;
    this.options = [];
    this.isQuestion = false;
    this.#isOver = false;
  }

  decide(point: DecisionPoint): Decision {
    if (this.#at < this.#path.length) return this.#path[this.#at++] as Decision;
    if (this.#isOver) return NO_DECISION;
    const possible: Decision[] = [];
    this.options = possible.slice(0, point.enumerate(possible));
    this.stopped();
    return NO_DECISION;
  }

  choose(_kind: number, count: number): number {
    if (this.#at < this.#path.length) return this.#path[this.#at++]!;
    if (!this.#isOver) {
      this.options = Array.from({ length: count }, (_, n) => n);
      this.isQuestion = true;
      this.#isOver = true;
    }
    return 0;
  }
}

function stateOf(machine: Machine, { received, address }: Notes): ProgramState {
  const { threads, cpus, state } = machine;
  const word = (index: number): number => state.wordOf(address + 4 * index);
  return {
    running: [...cpus.current],
    threads: received.map((values, n) => {
      const isOver = threads.state[n] === ThreadState.Free;
      const base = n * REGISTER_STRIDE;
      const { registers } = threads;
      return {
        kernel: isOver
          ? []
          : [
              ...[threads.state[n]!, threads.cpu[n]!, threads.exitWork[n]!, threads.waitKind[n]!],
              ...[registers[base + RegisterFile.Ip]!, registers[base + RegisterFile.Operations]!],
            ],
        received: isOver ? [] : [...values],
        own: word(WORDS.own + n),
      };
    }),
    count: word(WORDS.count),
    name: word(WORDS.name),
    marks: word(WORDS.marks),
  };
}

/** The state with every equal thread n in the place of `order[n]`. */
function inPlaces(state: ProgramState, order: readonly number[]): ProgramState {
  const place = (thread: number): number => order[thread] ?? thread;
  const name = (value: number): number =>
    value >= FIRST_NAME ? FIRST_NAME + place(value - FIRST_NAME) : value;
  const marks = (value: number): number =>
    state.threads.reduce((bits, _, n) => bits | (((value >>> n) & 1) << place(n)), 0);
  const means = (action: Action, value: number): number =>
    action === 'read' || action === 'keep' ? name(value) : action === 'mark' ? marks(value) : value;
  const threads: ThreadPart[] = [];
  state.threads.forEach(({ kernel, received, own }, n) => {
    threads[place(n)] = {
      kernel,
      received: received.map(([action, value]) => [action, means(action, value)] as const),
      own: name(own),
    };
  });
  return {
    running: state.running.map((thread) => (thread < 0 ? thread : place(thread))),
    threads,
    count: state.count,
    name: name(state.name),
    marks: marks(state.marks),
  };
}

function ordersOf(numbers: readonly number[]): number[][] {
  if (numbers.length < 2) return [[...numbers]];
  return numbers.flatMap((first) =>
    ordersOf(numbers.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}
