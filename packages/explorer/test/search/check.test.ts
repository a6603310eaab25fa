import { describe, expect, it } from 'vitest';
import {
  Machine,
  Mutex,
  ProgramBuilder,
  Registers,
  ScriptedDirector,
  SignalNumber,
  futexWait,
  futexWake,
  raise,
} from '@rseqlab/sim-machine';
import type { EventAllowance, Operation, Thread } from '@rseqlab/sim-machine';
import type { Lab } from '../../src/lab.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario, ScenarioDefinition } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';

type Body = (t: Thread, word: number) => Operation<unknown>;

const NO_EVENTS: EventAllowance = { preemption: false, migration: false };

/** Threads that share a cache line of words; one CPU each unless `cpus` says otherwise. */
function of(
  bodies: readonly Body[],
  more: Partial<ScenarioDefinition<number>> & { readonly cpus?: number } = {},
): Scenario {
  const { cpus = bodies.length, ...definition } = more;
  return scenario<number>({
    name: 'under test',
    machine: { cpus, maxThreads: bodies.length, maxProcesses: 1 },
    events: NO_EVENTS,
    setup(lab: Lab) {
      const word = lab.process.allocate(64);
      bodies.forEach((body, index) => {
        lab.spawn((t) => body(t, word), { cpu: index % cpus, name: `T${index}` });
      });
      return word;
    },
    ...definition,
  });
}

const read = (lab: Lab, word: number): number => lab.process.read32(word);

const racyIncrement: Body = function* (t, word) {
  yield* t.store(word, (yield* t.load(word)) + 1);
};
const waiting: Body = (t, word) => t.waitUntilNotEqual(word, 0);
const storing: Body = (t, word) => t.store(word, 1);
const sleeping: Body = (t, word) => futexWait(t, word, 0);

describe('a check', () => {
  it('holds when the check of the scenario holds in every execution', () => {
    const result = check(
      of([racyIncrement, racyIncrement], {
        check: (word, lab) => lab.expect([1, 2].includes(read(lab, word)), 'a sum of 1 or 2'),
      }),
    );
    expect(result).toMatchObject({ outcome: 'holds', classes: 4, blocked: 0, kernelEvents: 0 });
    expect(result).not.toHaveProperty('finding');
    expect(result).not.toHaveProperty('decisions');
  });

  it('fails with the finding, and with decisions that lead there again', () => {
    const racy = of([racyIncrement, racyIncrement], {
      check: (word, lab) => lab.expectEqual(read(lab, word), 2, 'the sum'),
    });
    const result = check(racy);
    expect(result).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'assertion', message: 'expected the sum to be 2, got 1' },
    });
    const script = new ScriptedDirector(result.decisions!, { granularity: 'access' });
    const machine = new Machine({ cpus: 2, ...racy.machine }, script);
    const process = machine.createProcess('main');
    const word = process.allocate(64);
    for (const cpu of [0, 1]) process.spawn((t) => racyIncrement(t, word), { cpu });
    expect(machine.run().outcome).toBe('finished');
    expect(process.read32(word)).toBe(1);
  });

  it('makes the same search every time', () => {
    const result = (): object => check(of([racyIncrement, racyIncrement, storing]));
    expect(result()).toEqual(result());
  });

  it('tells of its progress after every execution, with counts that only grow', () => {
    const seen: number[][] = [];
    const result = check(of([racyIncrement, racyIncrement]), {
      onProgress: ({ executions, classes, states }) => seen.push([executions, classes, states]),
    });
    expect(seen).toHaveLength(result.executions);
    expect(seen.at(-1)).toEqual([result.executions, result.classes, result.states]);
    seen.forEach(([executions], index) => {
      expect(executions).toBe(index + 1);
    });
  });

  it('runs on another machine when parts of it are replaced', () => {
    const bodies: Body[] = [
      function* (t, word) {
        yield* t.store(word, 1);
        yield* t.load(word + 4);
      },
      function* (t, word) {
        yield* t.store(word + 4, 1);
        yield* t.load(word);
      },
    ];
    expect(check(of(bodies)).classes).toBe(3);
    expect(check(of(bodies), { machine: { memory: 'tso' } }).classes).toBe(4);
  });

  it('tells states apart by registers that a routine returns', () => {
    const { r0, r1, r2, r5 } = Registers;
    const two = new ProgramBuilder('two')
      .returns(r5)
      .label('two')
      .ld32(r5, r1)
      .ld32(r0, r2)
      .ret()
      .build();
    const outcomes = new Set<string>();
    check(
      scenario({
        name: 'two loads at once',
        machine: { cpus: 2 },
        events: NO_EVENTS,
        setup(lab) {
          const [x, y] = [lab.process.allocate(4), lab.process.allocate(4)];
          const routine = lab.machine.install(two).routine('two');
          const loaded: number[] = [];
          lab.spawn(function* writer(t) {
            yield* t.store(x, 1);
            yield* t.store(y, 1);
          });
          lab.spawn(function* reader(t) {
            if (!t.exec(routine, x, y)) yield;
            loaded.push(t.register(5), t.result);
          });
          return loaded;
        },
        check: (loaded) => void outcomes.add(loaded.join()),
      }),
    );
    expect([...outcomes].sort()).toEqual(['0,0', '0,1', '1,0', '1,1']);
  });
});

describe('a bound', () => {
  const racy = of([racyIncrement, racyIncrement], {
    cpus: 1,
    events: { migration: false },
    check: (word, lab) => lab.expectEqual(read(lab, word), 2, 'the sum'),
  });

  it('on kernel events that was reached makes the answer unknown, never a pass', () => {
    expect(check(racy, { kernelEvents: 0 })).toMatchObject({
      outcome: 'unknown',
      reason: 'the bound of 0 kernel events',
      kernelEvents: 0,
    });
  });

  it('on kernel events leaves a failure within it a failure, with the least events', () => {
    for (const kernelEvents of [1, 2, 5])
      expect(check(racy, { kernelEvents })).toMatchObject({ outcome: 'fails', kernelEvents: 1 });
  });

  it('that no path reaches changes nothing', () => {
    const bodies = [storing, storing];
    const events = { migration: false };
    const free = check(of(bodies, { cpus: 1, events }));
    expect(check(of(bodies, { cpus: 1, events }), { kernelEvents: 50 })).toEqual(free);
    expect(free.outcome).toBe('holds');
  });

  it('on executions or decisions makes the answer unknown', () => {
    const long = of([racyIncrement, racyIncrement]);
    const all = check(long);
    const reason = 'the limit on executions or decisions';
    expect(check(long, { executions: all.executions - 1 })).toMatchObject({
      outcome: 'unknown',
      reason,
    });
    expect(check(long, { executions: all.executions }).outcome).toBe('holds');
    expect(check(long, { decisions: 3 })).toMatchObject({ outcome: 'unknown', reason });
  });

  it('stops a program that goes on for ever', () => {
    const endless: Body = function* (t, word) {
      for (;;) yield* t.fetchAdd(word, 1);
    };
    expect(check(of([endless]), { decisions: 100 })).toMatchObject({
      outcome: 'unknown',
      classes: 0,
    });
  });

  it('is not needed for a thread that waits for a word, nor for one that spins', () => {
    const spinning: Body = function* (t, word) {
      while ((yield* t.load(word)) === 0);
    };
    expect(check(of([waiting, storing]))).toMatchObject({ outcome: 'holds', classes: 1 });
    expect(check(of([spinning, storing]), { decisions: 50 })).toMatchObject({
      outcome: 'holds',
      classes: 2,
    });
  });
});

describe('a deadlock', () => {
  const lockBoth = (first: number, second: number): Body =>
    function* (t, word) {
      const locks = [new Mutex(word), new Mutex(word + 4)];
      yield* locks[first]!.lock(t);
      yield* locks[second]!.lock(t);
      yield* locks[second]!.unlock(t);
      yield* locks[first]!.unlock(t);
    };

  it('of two locks taken in opposite order is found', () => {
    expect(check(of([lockBoth(0, 1), lockBoth(1, 0)]))).toMatchObject({
      outcome: 'fails',
      finding: {
        kind: 'deadlock',
        message: 'expected every thread to end, got T0 and T1, which wait for each other',
      },
    });
  });

  it('of two locks taken in the same order does not exist', () => {
    expect(check(of([lockBoth(0, 1), lockBoth(0, 1)]))).toMatchObject({
      outcome: 'holds',
      blocked: 0,
    });
  });

  it('is found where kernel events would still be possible, but none has to come', () => {
    for (const events of [{}, { hotplug: true }, { spuriousWakes: true }, { ticks: true }])
      for (const body of [sleeping, waiting])
        expect(check(of([body], { cpus: 2, events })), JSON.stringify(events)).toMatchObject({
          outcome: 'fails',
          kernelEvents: 0,
          finding: { kind: body === waiting ? 'unsatisfied-await' : 'deadlock' },
        });
  });

  it('is not a thread that waits for one behind it in the queue, which a preemption lets run', () => {
    const events = { migration: false };
    expect(check(of([waiting, storing], { cpus: 1, events }))).toMatchObject({ outcome: 'holds' });
  });

  it('is counted, not found, where a scenario may end so', () => {
    const result = check(of([sleeping, storing], { allowBlocked: true }));
    expect(result).toMatchObject({ outcome: 'holds' });
    expect(result.blocked).toBeGreaterThan(0);
    expect(result.classes).toBeGreaterThan(0);
  });

  it('by a lost wake-up is found, and is none where the waiter looks again', () => {
    const waker: Body = function* (t, word) {
      yield* t.store(word, 1);
      yield* futexWake(t, word, 1);
    };
    const careless: Body = function* (t, word) {
      if ((yield* t.load(word)) === 0) yield* futexWait(t, word + 4, 0);
    };
    const careful: Body = function* (t, word) {
      while ((yield* t.load(word)) === 0) yield* futexWait(t, word, 0);
    };
    expect(check(of([careless, waker])).finding).toMatchObject({ kind: 'deadlock' });
    expect(check(of([careful, waker]))).toMatchObject({ outcome: 'holds', blocked: 0 });
  });
});

describe('a crash', () => {
  it('is found in the execution that has it, and only there', () => {
    const checked: Body = function* (t, word) {
      if ((yield* t.load(word)) === 1) yield* t.load(0x40);
    };
    expect(check(of([checked]))).toMatchObject({ outcome: 'holds' });
    expect(check(of([checked, storing]))).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'crash', thread: 0, message: expect.stringContaining('SIGSEGV') as string },
    });
  });

  it.each([SignalNumber.SIGABRT, SignalNumber.SIGILL])(
    'may be signal %i of the program itself',
    (signal) => {
      expect(check(of([(t) => raise(t, signal)])).finding).toMatchObject({ kind: 'crash' });
    },
  );

  it('is not the end of a process that something outside kills, as the scenario asks for', () => {
    const events = { ...NO_EVENTS, kills: ['main'], signals: [SignalNumber.SIGTERM] };
    const result = check(of([racyIncrement], { events }));
    expect(result).toMatchObject({ outcome: 'holds', kernelEvents: 1 });
  });
});
