import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision, NO_DECISION } from '../../../src/director/decision.js';
import type { Decision } from '../../../src/director/decision.js';
import type { DecisionPoint, Director } from '../../../src/director/director.js';
import type { EventAllowance } from '../../../src/director/event-allowance.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { ScriptedDirector } from '../../../src/director/scripted-director.js';
import { futexWait } from '../../../src/kernel/libc/futex.js';
import { fork, getpid, waitpid } from '../../../src/kernel/libc/processes.js';
import { attach, cont } from '../../../src/kernel/libc/ptrace.js';
import { kill, sigaction } from '../../../src/kernel/libc/signals.js';
import { pthreadCreate, pthreadJoin } from '../../../src/kernel/libc/threads.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import type { Process } from '../../../src/kernel/process.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { machineParts, settle } from '../program-fixture.js';
import type { FlatParts } from '../program-fixture.js';
import { expectInvariants } from './kernel-invariants.js';

const { SIGUSR1, SIGSTOP, SIGCONT } = SignalNumber;

/** As another director, but one decision kills a process. */
class KillAt implements Director {
  readonly name = 'kill at';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  readonly #inner: Director;
  readonly #position: number;
  readonly #victim: number;
  #made = 0;
  hasKilled = false;

  constructor(inner: Director, position: number, victim: number) {
    this.#inner = inner;
    this.#position = position;
    this.#victim = victim;
  }

  decide(point: DecisionPoint): Decision {
    this.#made += 1;
    if (this.#made <= this.#position || this.hasKilled) return this.#inner.decide(point);
    const possible: Decision[] = [];
    point.enumerate(possible);
    const decision = encodeDecision(DecisionKind.Kill, 0, this.#victim);
    if (!possible.includes(decision)) return this.#inner.decide(point);
    this.hasKilled = true;
    return decision;
  }

  choose(kind: number, count: number): number {
    return this.#inner.choose(kind as never, count);
  }
}

const PROGRAMS: Record<string, (process: Process) => void> = {
  'threads, futexes and handlers'(process) {
    const word = process.allocate(4);
    process.spawn(function* main(t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* h.fetchAdd(word + 0, 0);
      });
      const worker = yield* pthreadCreate(t, function* (w) {
        yield* futexWait(w, word, 1);
        yield* kill(w, yield* getpid(w), SIGUSR1);
        return 1;
      });
      if (typeof worker !== 'number') yield* pthreadJoin(t, worker);
    });
  },
  'a child, signals and wait'(process) {
    process.spawn(function* main(t) {
      yield* sigaction(t, SignalNumber.SIGCHLD, function* () {}, { restart: true });
      const child = yield* fork(t, function* (c) {
        yield* c.store(c.stackPointer - 8, 1);
        yield* c.load(c.stackPointer - 8);
      });
      yield* kill(t, child, SIGSTOP);
      yield* kill(t, child, SIGCONT);
      yield* waitpid(t, child);
    });
  },
  'a tracer and a sleeper'(process) {
    process.spawn(function* main(t: Thread) {
      const child = yield* fork(t, function* (c) {
        yield* nanosleep(c, 20);
        yield* c.store(c.stackPointer - 8, 1);
      });
      yield* attach(t, child);
      const { status } = yield* waitpid(t, child);
      if (status?.kind === 'stopped') yield* cont(t, child);
      yield* waitpid(t, child);
    });
  },
};

function machine(director: Director, events: EventAllowance = { kills: ['main'] }): FlatParts {
  return machineParts({ cpus: 2, memory: 'tso', maxThreads: 6, maxProcesses: 4, events }, director);
}

/** Runs a program to its end; returns how many decisions that took. */
function run(parts: FlatParts, director: Director, program: string): number {
  const process = parts.processes.begin(-1, 'main')!;
  process.mapRuntime(6);
  PROGRAMS[program]!(process);
  director.start?.(parts.point);
  settle(parts);
  for (let made = 0; ; made++) {
    expectInvariants(parts, `${program}, decision ${made}`);
    if (parts.lifecycle.live === 0) return made;
    const decision = director.decide(parts.point);
    expect(decision, `${program}: stuck after ${made} decisions`).not.toBe(NO_DECISION);
    parts.referee.record(decision);
    expect(parts.executor.carryOut(decision)).toBe(true);
    settle(parts);
  }
}

describe.each(Object.keys(PROGRAMS))('a program with %s', (program) => {
  it.each([0, 1])('survives that process %i is killed at any point', (victim) => {
    for (const seed of [1, 2, 3]) {
      const whole = new RandomDirector({ seed, granularity: 'instruction' });
      const length = run(machine(whole), whole, program);
      let kills = 0;
      for (let position = 0; position < length; position++) {
        const random = new RandomDirector({ seed, granularity: 'instruction' });
        random.start();
        const director = new KillAt(random, position, victim);
        const parts = machine(director);
        run(parts, director, program);
        if (director.hasKilled) kills += 1;
        expect(parts.queues.count(0) + parts.queues.count(1)).toBe(0);
      }
      if (victim === 0) expect(kills).toBeGreaterThan(0);
    }
  });
});

describe.each(Object.keys(PROGRAMS))('a program with %s', (program) => {
  it('survives signals, stops, page faults, hotplug and spurious wakes at random', () => {
    const events: EventAllowance = {
      signals: [SIGUSR1, SIGCONT, SIGSTOP, SignalNumber.SIGCHLD],
      pageFaults: true,
      spuriousWakes: true,
      ticks: true,
      hotplug: true,
    };
    for (let seed = 1; seed <= 40; seed++) {
      const director = new RandomDirector({ seed, granularity: 'instruction' });
      const parts = machine(director, events);
      run(parts, director, program);
      expect(parts.queues.count(0) + parts.queues.count(1), `seed ${seed}`).toBe(0);
    }
  });
});

describe('a run with a kill in it', () => {
  it('is replayed bit for bit from its decisions', () => {
    const program = 'threads, futexes and handlers';
    const random = new RandomDirector({ seed: 5, granularity: 'instruction' });
    random.start();
    const director = new KillAt(random, 20, 0);
    const parts = machine(director);
    run(parts, director, program);
    const decisions = parts.referee.decisions();
    const script = new ScriptedDirector(decisions);
    const again = machine(script);
    run(again, script, program);
    expect(again.referee.decisions()).toEqual(decisions);
    expect([...again.threads.registers]).toEqual([...parts.threads.registers]);
  });
});
