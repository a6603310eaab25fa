import { DecisionKind, encodeDecision, futexWait, futexWake } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import { recordRun } from '../../src/trace/record-run.js';
import { LOSING_RUN, LOST_UPDATE } from './lost-update.js';
import { BASE_NAMES, failing, textsOf, traceOfFailure } from './traced-scenarios.js';

describe('a recorded run', () => {
  const trace = recordRun(LOST_UPDATE, LOSING_RUN, BASE_NAMES);

  it('shows the finding that the search found', () => {
    const { finding } = check(LOST_UPDATE);
    expect(trace.finding).toEqual(finding);
    expect(traceOfFailure(LOST_UPDATE).finding).toEqual(finding);
    expect(textsOf(trace, 'finding')).toEqual(['expected the word to be 2, got 1']);
  });

  it('has a row for every decision, numbered as in the record', () => {
    const indices = trace.rows.flatMap(({ index }) => (index === undefined ? [] : [index]));
    expect(indices).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('counts and names kernel events', () => {
    expect(trace.kernelEvents).toBe(1);
    expect(textsOf(trace, 'event')).toEqual(['preempt: T1 takes the CPU from T0']);
  });

  it('shows every access with what it read or wrote', () => {
    const steps = trace.rows.filter(({ kind, accesses }) => kind === 'step' && accesses.length > 0);
    expect(
      steps.map(({ thread, text, accesses }) => [
        thread,
        text,
        accesses[0]?.kind,
        accesses[0]?.value,
      ]),
    ).toEqual([
      [0, 'load32', 'load', 0],
      [1, 'load32', 'load', 0],
      [1, 'store32', 'store', 1],
      [0, 'store32', 'store', 1],
    ]);
  });

  it('names the line of the program that every step is on', () => {
    const lines = trace.rows
      .filter(({ kind, text }) => kind === 'step' && text !== 'exit(0)')
      .map(({ source }) => `${source?.file ?? ''}:${source?.line ?? 0}`);
    expect(lines).toEqual([
      'lost-update.ts:14',
      'lost-update.ts:14',
      'lost-update.ts:15',
      'lost-update.ts:15',
    ]);
  });

  it('says where every thread and every CPU was last', () => {
    expect(trace.threadPlaces).toMatchObject([
      {
        thread: 0,
        name: 'add',
        state: 'ended',
        cpu: 0,
        instruction: 'store32',
        source: { line: 15 },
      },
      {
        thread: 1,
        name: 'add',
        state: 'ended',
        cpu: 0,
        instruction: 'store32',
        source: { line: 15 },
      },
    ]);
    expect(trace.cpuPlaces).toMatchObject([
      { cpu: 0, thread: -1, lastThread: 0, instruction: 'store32', source: { line: 15 } },
    ]);
  });

  it('is the same when it is recorded again', () => {
    expect(recordRun(LOST_UPDATE, LOSING_RUN, BASE_NAMES)).toEqual(trace);
  });
});

describe('what a trace shows of the machine', () => {
  it('tells a buffered store from the moment it is visible', () => {
    const { rows } = traceOfFailure(
      failing('buffered', {
        machine: { cpus: 1, memory: 'tso' },
        setup(lab) {
          const word = lab.process.allocate(4);
          lab.spawn(function* store(t) {
            yield* t.store(word, 7);
            yield* t.fence();
          });
        },
      }),
    );
    const accesses = rows.flatMap(({ text, accesses: made }) =>
      made.map(({ kind, value }) => [text, kind, value]),
    );
    expect(accesses).toEqual([
      ['store32', 'buffered', 7],
      ['fence', 'visible', 7],
      ['fence', 'fence', 0],
    ]);
  });

  it('shows what an atomic found and left', () => {
    const { rows } = traceOfFailure(
      failing('atomic', {
        machine: { cpus: 1 },
        setup(lab) {
          const word = lab.process.allocate(4);
          lab.process.write32(word, 40);
          lab.spawn(function* add(t) {
            yield* t.fetchAdd(word, 2);
          });
        },
      }),
    );
    expect(rows.flatMap(({ accesses }) => accesses)).toMatchObject([
      { kind: 'atomic', value: 40, result: 42 },
    ]);
  });

  it('shows a system call with its arguments and its result, and who sleeps and wakes', () => {
    const trace = traceOfFailure(
      failing('futex', {
        machine: { cpus: 1 },
        setup(lab) {
          const word = lab.process.allocate(4);
          lab.spawn(function* waiter(t) {
            yield* futexWait(t, word, 0);
          });
          lab.spawn(function* waker(t) {
            yield* futexWake(t, word, 1);
          });
        },
      }),
    );
    const text = trace.rows.map((row) => row.text).join('\n');
    expect(text).toMatch(/futex\(0x10000000, 128, 0\)/);
    expect(text).toMatch(/futex\(0x10000000, 129, 1\) = 1/);
    expect(text).toContain('T0 sleeps');
    expect(text).toContain('T0 wakes up');
  });

  it('shows where threads sleep that can never go on', () => {
    const trace = traceOfFailure(
      scenario({
        name: 'deadlock',
        machine: { cpus: 1 },
        setup(lab) {
          const word = lab.process.allocate(4);
          lab.spawn(function* waiter(t) {
            yield* futexWait(t, word, 0);
          });
        },
      }),
    );
    expect(trace.finding).toMatchObject({ kind: 'deadlock' });
    expect(trace.threadPlaces).toMatchObject([
      { name: 'waiter', state: 'asleep', instruction: 'futex(0x10000000, 128, 0)' },
    ]);
  });

  it('shows a bad address, the signal, and where the thread was when it died', () => {
    const trace = traceOfFailure(
      scenario({
        name: 'stray',
        machine: { cpus: 1 },
        setup(lab) {
          lab.spawn(function* stray(t) {
            yield* t.store(0x1234, 1);
          });
        },
      }),
    );
    expect(trace.finding).toEqual({
      kind: 'crash',
      message: 'expected T0 stray to live, got SIGSEGV at address 0x1234: nothing is mapped there',
      thread: 0,
    });
    expect(textsOf(trace, 'fault')).toEqual(['bad address: 0x1234']);
    expect(textsOf(trace, 'signal')).toEqual(['SIGSEGV kills T0']);
  });

  it('refuses decisions that the scenario does not come to', () => {
    const record = {
      decisions: Uint32Array.of(0x10000),
      scheduling: 'free',
      granularity: 'access',
    } as const;
    expect(() => recordRun(LOST_UPDATE, record)).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
  });
});

describe('a step of many instructions', () => {
  const trace = recordRun(
    LOST_UPDATE,
    {
      scheduling: 'policy',
      granularity: 'instruction',
      decisions: Uint32Array.of(
        encodeDecision(DecisionKind.Step, 0, 1),
        encodeDecision(DecisionKind.Step, 0, 100),
        encodeDecision(DecisionKind.Step, 0, 100),
      ),
    },
    BASE_NAMES,
  );

  it('has a row for every operation, and a number on the first', () => {
    const steps = trace.rows.filter(({ kind }) => kind === 'step');
    expect(steps.map(({ index, thread, text }) => [index, thread, text])).toEqual([
      [0, 0, 'load32'],
      [1, 0, 'ret'],
      [undefined, 0, 'store32'],
      [undefined, 0, 'exit(0)'],
      [2, 1, 'load32'],
      [undefined, 1, 'store32'],
      [undefined, 1, 'exit(0)'],
    ]);
  });

  it('gives every access to its operation', () => {
    const accesses = trace.rows.flatMap(({ text, accesses: made }) =>
      made.map(({ kind, value }) => [text, kind, value]),
    );
    expect(accesses).toEqual([
      ['load32', 'load', 0],
      ['store32', 'store', 1],
      ['load32', 'load', 1],
      ['store32', 'store', 2],
    ]);
    expect(trace.finding).toBeUndefined();
  });
});

describe('a thread whose program is an operation of the library', () => {
  it('has no line of its own, and not that of whoever asked for the run', () => {
    const waiting = scenario({
      name: 'waits',
      machine: { cpus: 1 },
      setup: (lab) => {
        const word = lab.process.allocate(4);
        lab.spawn((t) => t.waitUntilEqual(word, 1), { name: 'waits' });
      },
    });
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 100;
    const { finding } = check(waiting);
    Error.stackTraceLimit = stackTraceLimit;
    expect(finding).toMatchObject({ kind: 'unsatisfied-await', waits: [{ name: 'waits' }] });
    expect(JSON.stringify(finding)).not.toContain('record-run.test.ts');
  });
});
