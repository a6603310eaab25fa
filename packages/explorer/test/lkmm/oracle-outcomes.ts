import type { LkmmTest } from '../../src/lkmm/lkmm-test.js';
import type { FinalState } from '../../src/litmus/final-state.js';
import { initialValue } from '../../src/litmus/litmus-question.js';
import type { LitmusValue } from '../../src/litmus/litmus-value.js';
import { finalState, runFunction, type Request } from './lkmm-oracle.js';

/** What every interleaving of a test comes to. */
export interface OracleOutcomes {
  readonly states: readonly FinalState[];
  /** Whether any of them cannot go on. */
  readonly deadlocks: boolean;
}

/** Two decisions a thread: it goes on, or its oldest buffered store becomes visible. */
type Decision = number;

/**
 * Runs a test in every interleaving by brute force: every path from the start, nothing left out.
 *
 * RCU is as its contract says: a grace period has all stores become visible, notes the sections that
 * are open, and is over when they have ended; then it has all stores become visible once more.
 *
 * @returns undefined when there are more than `mostRuns`
 */
export function oracleOutcomes(
  test: LkmmTest,
  model: 'sc' | 'tso',
  mostRuns: number,
): OracleOutcomes | undefined {
  const states = new Map<string, FinalState>();
  let deadlocks = false;
  const path: Decision[] = [];
  for (let runs = 0; runs < mostRuns; runs++) {
    const run = new OracleRun(test, model);
    const left: Decision[][] = [];
    for (let depth = 0; ; depth++) {
      const possible = run.possible();
      if (possible.length === 0) break;
      const taken = path[depth] ?? possible[0]!;
      left.push(possible.slice(possible.indexOf(taken) + 1));
      path[depth] = taken;
      run.take(taken);
    }
    if (run.hasEnded) states.set(run.final().join(' '), run.final());
    else deadlocks = true;
    path.length = left.length;
    while (left.length > 0 && left.at(-1)!.length === 0) {
      left.pop();
      path.pop();
    }
    if (left.length === 0) return { states: [...states.values()], deadlocks };
    path[path.length - 1] = left.at(-1)![0]!;
  }
  return undefined;
}

interface OracleThread {
  readonly variables: Map<string, LitmusValue>;
  readonly steps: Generator<Request, void, LitmusValue>;
  readonly buffer: { readonly location: string; readonly value: LitmusValue }[];
  /** What it asks for next; undefined when it has ended. */
  request: Request | undefined;
  /** Sections that are open, each a new object. */
  sections: object[];
  /** Sections that a grace period waits for. */
  awaited: readonly object[] | undefined;
}

class OracleRun {
  readonly #test: LkmmTest;
  readonly #model: 'sc' | 'tso';
  readonly #memory = new Map<string, LitmusValue>();
  readonly #threads: readonly OracleThread[];

  constructor(test: LkmmTest, model: 'sc' | 'tso') {
    this.#test = test;
    this.#model = model;
    for (const location of test.locations)
      this.#memory.set(location, initialValue(test, { kind: 'location', location }));
    this.#threads = test.threads.map((_, thread) => {
      const variables = new Map<string, LitmusValue>();
      const steps = runFunction(test, thread, variables);
      const first = steps.next();
      const request = first.done === true ? undefined : first.value;
      return { variables, steps, buffer: [], request, sections: [], awaited: undefined };
    });
  }

  get hasEnded(): boolean {
    return this.#threads.every(({ request, buffer }) => !request && buffer.length === 0);
  }

  final(): FinalState {
    const variables = this.#threads.map((thread) => thread.variables);
    return finalState(this.#test, this.#memory, variables);
  }

  possible(): Decision[] {
    return this.#threads.flatMap((thread, id) => [
      ...(this.#canStep(thread) ? [id * 2] : []),
      ...(thread.buffer.length > 0 ? [id * 2 + 1] : []),
    ]);
  }

  take(decision: Decision): void {
    const thread = this.#threads[decision >> 1]!;
    if ((decision & 1) === 1) this.#drain(thread);
    else this.#step(thread);
  }

  #canStep({ request, buffer, awaited }: OracleThread): boolean {
    if (!request) return false;
    if (request.kind === 'update' || request.kind === 'fence') return buffer.length === 0;
    if (request.kind !== 'call') return true;
    if (request.call === 'spin_lock')
      return buffer.length === 0 && this.#memory.get(request.subject) === 0;
    if (awaited === undefined) return true;
    const open = this.#threads.flatMap(({ sections }) => sections);
    return !awaited.some((section) => open.includes(section));
  }

  #step(thread: OracleThread): void {
    const request = thread.request!;
    const result = this.#carryOut(thread, request);
    if (result === 'again') return;
    const next = thread.steps.next(result);
    thread.request = next.done === true ? undefined : next.value;
  }

  #carryOut(thread: OracleThread, request: Request): LitmusValue {
    switch (request.kind) {
      case 'load': {
        const own = [...thread.buffer]
          .reverse()
          .find(({ location }) => location === request.location);
        return own ? own.value : this.#memory.get(request.location)!;
      }
      case 'store': {
        thread.buffer.push(request);
        if (this.#model === 'sc') this.#drain(thread);
        return 0;
      }
      case 'update': {
        const old = this.#memory.get(request.location)!;
        this.#memory.set(request.location, request.next(old));
        return old;
      }
      case 'fence':
        return 0;
      case 'call':
        return this.#call(thread, request.call, request.subject);
    }
  }

  #call(thread: OracleThread, call: string, subject: string): LitmusValue {
    switch (call) {
      case 'rcu_read_lock':
        thread.sections.push({});
        return 0;
      case 'rcu_read_unlock':
        thread.sections.pop();
        return 0;
      case 'synchronize_rcu': {
        this.#drainAll();
        const isOver = thread.awaited !== undefined;
        thread.awaited = isOver ? undefined : this.#threads.flatMap(({ sections }) => sections);
        return isOver ? 0 : 'again';
      }
      case 'smp_memb':
        this.#drainAll();
        return 0;
      case 'spin_lock':
        this.#memory.set(subject, 1);
        return 0;
      case 'spin_unlock':
        return this.#carryOut(thread, { kind: 'store', location: subject, value: 0 });
      default:
        throw new Error(`no ${call}`);
    }
  }

  #drain({ buffer }: OracleThread): void {
    const { location, value } = buffer.shift()!;
    this.#memory.set(location, value);
  }

  #drainAll(): void {
    for (const thread of this.#threads) while (thread.buffer.length > 0) this.#drain(thread);
  }
}
