import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decisionKind,
  DecisionKind,
  decisionX,
  decisionY,
  formatDecision,
  NO_DECISION,
} from '../../src/director/decision.js';
import type { Decision } from '../../src/director/decision.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import type { TimedOptions } from '../../src/director/timed-director.js';
import { Mutex } from '../../src/kernel/libc/mutex.js';
import { nanosleep } from '../../src/kernel/libc/time.js';
import { ThreadState } from '../../src/kernel/thread-state.js';
import { Machine } from '../../src/machine.js';
import { FakeDecisionPoint } from './fake-decision-point.js';

const QUANTUM = 100;
const TICK = 10_000;

function create(point: FakeDecisionPoint, options: TimedOptions = {}): TimedDirector {
  const director = new TimedDirector({ quantumCycles: QUANTUM, tickCycles: TICK, ...options });
  director.start(point);
  return director;
}

/** Makes decisions until a time or a number of them, and returns them. */
function make(
  director: TimedDirector,
  point: FakeDecisionPoint,
  until: { readonly cycles?: number; readonly count?: number },
  each: (decision: Decision) => void = () => undefined,
): Decision[] {
  const made: Decision[] = [];
  const { cycles = Infinity, count = Infinity } = until;
  while (made.length < count && Math.min(...point.cycles) < cycles) {
    const decision = director.decide(point);
    if (decision === NO_DECISION) break;
    each(decision);
    made.push(decision);
    point.carryOut(decision);
  }
  return made;
}

/** A run of real programs: locks, sleeps, stores; its machine. */
function runPrograms(options: TimedOptions, director = new TimedDirector(options)): Machine {
  const machine = new Machine({ cpus: 3, memory: 'tso' }, director);
  const process = machine.createProcess('main');
  const mutex = Mutex.create(process);
  const counter = process.allocate(4);
  for (let n = 0; n < 5; n++)
    process.spawn(function* worker(t) {
      for (let turn = 0; turn < 20; turn++) {
        yield* mutex.lock(t);
        yield* t.store(counter, (yield* t.load(counter)) + 1);
        yield* mutex.unlock(t);
        if (turn % 7 === n) yield* nanosleep(t, 500);
      }
    });
  expect(machine.run().outcome).toBe('finished');
  expect(process.read32(counter)).toBe(100);
  return machine;
}

describe('TimedDirector', () => {
  it('lets no CPU run ahead of a busy one by more than two quanta and an instruction', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.constantFrom(1, 1.5, 3, 20), { minLength: 2, maxLength: 6 }),
        (seed, costs) => {
          const point = new FakeDecisionPoint(costs.length);
          point.costs.splice(0, costs.length, ...costs);
          const director = create(point, { seed });
          // First it has to find out what an instruction costs.
          make(director, point, { count: 200 * costs.length });
          make(director, point, { count: 200 }, () => {
            const spread = Math.max(...point.cycles) - Math.min(...point.cycles);
            expect(spread).toBeLessThanOrEqual(2 * QUANTUM + 2 * Math.max(...costs));
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ticks every CPU once a period, not all at once, and not when it idles', () => {
    const point = new FakeDecisionPoint(4);
    point.current[3] = -1;
    const ticks: number[][] = [[], [], [], []];
    const director = create(point);
    make(director, point, { cycles: Infinity, count: 5000 }, (decision) => {
      if (decisionKind(decision) !== DecisionKind.Tick) return;
      const cpu = decisionX(decision);
      ticks[cpu]!.push(point.cycles[cpu]!);
    });
    expect(ticks[3]).toEqual([]);
    for (const times of ticks.slice(0, 3)) {
      expect(times.length).toBeGreaterThan(5);
      for (const [n, at] of times.slice(1).entries())
        expect(Math.abs(at - times[n]! - TICK)).toBeLessThanOrEqual(1);
    }
    const phases = ticks.slice(0, 3).map((times) => Math.round(times[0]! % TICK));
    expect(new Set(phases).size).toBe(3);
  });

  it('lets a timer expire when the time of the last CPU has come, before anything else is done', () => {
    const point = new FakeDecisionPoint(2);
    point.expiries.set(70_000, 1000).set(5, 500).set(6, 500);
    const expired: number[][] = [];
    make(create(point), point, { cycles: 3000 }, (decision) => {
      if (decisionKind(decision) === DecisionKind.Timer)
        expired.push([
          (decisionX(decision) << 16) | decisionY(decision),
          Math.min(...point.cycles),
        ]);
    });
    expect(expired.map(([timer]) => timer)).toEqual([5, 6, 70_000]);
    for (const [index, due] of [500, 500, 1000].entries()) {
      expect(expired[index]![1]).toBeGreaterThanOrEqual(due);
      expect(expired[index]![1]).toBeLessThan(due + 2 * QUANTUM);
    }
  });

  it('takes an idle machine to the next timer or page, whichever is first', () => {
    const point = new FakeDecisionPoint(2);
    point.current.fill(-1);
    point.expiries.set(4, 9000);
    point.arrivals.set(7, 8000);
    const made = make(create(point), point, { count: 10 });
    expect(made.map(formatDecision)).toEqual(['PageIn(0, 7)', 'Timer(0, 4)']);
    expect(create(point).decide(point)).toBe(NO_DECISION);
  });

  it('takes notice of a CPU that was idle, from the time it was woken at', () => {
    const point = new FakeDecisionPoint(2);
    point.current[1] = -1;
    const director = create(point);
    make(director, point, { count: 20 });
    const { cycles } = point;
    const woken = cycles[0]! - 50;
    point.wake(1, woken);
    const [first] = make(director, point, { count: 1 });
    expect(decisionKind(first!)).toBe(DecisionKind.Step);
    expect(decisionX(first!)).toBe(1);
  });

  it('does not run a CPU that became idle', () => {
    const point = new FakeDecisionPoint(2);
    const director = create(point);
    make(director, point, { count: 20 });
    point.current[0] = -1;
    for (const decision of make(director, point, { count: 20 }))
      expect(decisionX(decision)).toBe(1);
  });

  it('drains the stores of a CPU that stopped, after their delay', () => {
    const point = new FakeDecisionPoint(2);
    const director = create(point, { storeDelayCycles: 30 });
    const drains: number[] = [];
    let stoppedAt = 0;
    make(director, point, { count: 300 }, (decision) => {
      const cpu = decisionX(decision);
      if (decisionKind(decision) === DecisionKind.Step && cpu === 0) {
        point.pending[0] = 3;
        stoppedAt = point.cycles[0]! + decisionY(decision);
      }
      if (decisionKind(decision) !== DecisionKind.Drain) return;
      expect(cpu).toBe(0);
      drains.push(Math.min(...point.cycles) - stoppedAt);
    });
    expect(drains.length).toBeGreaterThan(30);
    expect(drains.length % 3).toBe(0);
    for (const late of drains) expect(late).toBeLessThan(3 * QUANTUM);
  });

  it('leaves the stores of a CPU that runs alone to the CPU', () => {
    const point = new FakeDecisionPoint(1);
    point.pending[0] = 3;
    for (const decision of make(create(point), point, { count: 50 }))
      expect(decisionKind(decision)).not.toBe(DecisionKind.Drain);
  });

  it('decides the same for the same seed, and otherwise for another', () => {
    const first = runPrograms({ seed: 1, quantumCycles: 20 }).decisions;
    expect(runPrograms({ seed: 1, quantumCycles: 20 }).decisions).toEqual(first);
    expect(runPrograms({ seed: 2, quantumCycles: 20 }).decisions).not.toEqual(first);
  });

  it('decides the same when its machine is used again', () => {
    const director = new TimedDirector({ seed: 9, quantumCycles: 20 });
    const first = runPrograms({}, director).decisions;
    expect(runPrograms({}, director).decisions).toEqual(first);
  });

  it('leaves a record that replays to the same clocks', () => {
    const machine = runPrograms({ seed: 4, quantumCycles: 20 });
    const script = new ScriptedDirector(machine.decisions, { scheduling: 'policy' });
    const replay = runPrograms({}, script as never);
    expect(replay.decisions).toEqual(machine.decisions);
    expect([...replay.cpus.cycles]).toEqual([...machine.cpus.cycles]);
  });

  it('lets time pass for a thread that waits for a word, until it changes', () => {
    for (const cpus of [1, 2]) {
      const machine = new Machine({ cpus }, new TimedDirector());
      const process = machine.createProcess('main');
      const word = process.allocate(4);
      process.spawn(function* waiter(t) {
        yield* t.waitUntilEqual(word, 2);
      });
      process.spawn(function* setter(t) {
        for (let turn = 0; turn < 2; turn++) {
          for (let n = 0; n < 50_000; n++) yield* t.fence();
          yield* t.fetchAdd(word, 1);
        }
      });
      expect(machine.run().outcome).toBe('finished');
    }
  });

  it('makes no decision when all wait for words that nobody changes', () => {
    const machine = new Machine(
      { cpus: 2, events: { preemption: false, migration: false } },
      new TimedDirector({ tickCycles: 20_000 }),
    );
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    for (let n = 0; n < 5; n++)
      process.spawn(function* waiter(t) {
        yield* t.waitUntilEqual(word, 1);
      });
    const sleeper = process.spawn(function* sleeper(t) {
      yield* nanosleep(t, 1_000_000);
    });
    expect(machine.run().outcome).toBe('stuck');
    expect(machine.threads.state[sleeper.id]).toBe(ThreadState.Free);
    expect(machine.liveThreads).toBe(5);
  });

  it.each([
    ['quantumCycles', 0],
    ['tickCycles', -5],
    ['storeDelayCycles', 1.5],
  ] as const)('refuses %s of %d', (name, value) => {
    expect(() => new TimedDirector({ [name]: value })).toThrow(
      `expected ${name} to be a positive integer, got ${value}`,
    );
  });
});
