import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Program, Thread } from '@rseqlab/sim-machine';
import { cpuOpv } from '../../../src/kernel/cpu-opv/cpu-opv-module.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import {
  FALLBACK_SCRATCH_BYTES,
  runWithFallback,
} from '../../../src/user/fallback/run-with-fallback.js';
import type { NoFallback } from '../../../src/user/fallback/no-fallback.js';
import { PagingDirector } from './paging-director.js';
import { stepped } from './stepped-child.js';
import {
  ABORTED,
  COMPARE_AND_STORE,
  COUNTER_ADD,
  DONE,
  FAILED,
  LIST_PUSH,
  ownWord,
  r5,
  r6,
  routine,
} from './routines.js';

const PAGE = 4096;
const CONFIG = { cpus: 2, memoryBytes: 2 ** 22, maxThreads: 4, maxProcesses: 4 };
const KERNEL = [rseq(), cpuOpv()];

/** What an operation is called with, and what it must leave in the words of its CPU and of the node. */
interface Case {
  readonly program: Program;
  readonly args: (words: number, node: number) => readonly number[];
  readonly result: number;
  readonly word: (node: number) => number;
  readonly next: number;
}

/** Every per-CPU word holds 5 before. */
const CASES: Readonly<Record<string, Case>> = {
  'counter add': {
    program: COUNTER_ADD,
    args: (words) => [words, 3],
    result: DONE,
    word: () => 8,
    next: 0,
  },
  'compare and store': {
    program: COMPARE_AND_STORE,
    args: (words) => [words, 5, 9],
    result: DONE,
    word: () => 9,
    next: 0,
  },
  'compare and store that fails': {
    program: COMPARE_AND_STORE,
    args: (words) => [words, 6, 9],
    result: FAILED,
    word: () => 5,
    next: 0,
  },
  'list push': {
    program: LIST_PUSH,
    args: (words, node) => [words, node],
    result: DONE,
    word: (node) => node,
    next: 5,
  },
};

/** Pages apart for words, node and scratch memory. */
function pages(process: Process): { words: number; node: number; scratch: number } {
  const words = process.allocate(PAGE, PAGE);
  for (let cpu = 0; cpu < 2; cpu++) process.write32(words + cpu * 64, 5);
  return {
    words,
    node: process.allocate(PAGE, PAGE),
    scratch: process.allocate(FALLBACK_SCRATCH_BYTES, PAGE),
  };
}

function steppedMachine(): { machine: Machine; process: Process; aborts: () => number } {
  const machine = new Machine({ ...CONFIG, kernel: KERNEL }, new TimedDirector());
  let aborts = 0;
  machine.events.on('abort', () => (aborts += 1));
  return { machine, process: machine.createProcess('main'), aborts: () => aborts };
}

describe('under permanent single-stepping', () => {
  it('a section that starts over when it is aborted never ends', () => {
    const { machine, process, aborts } = steppedMachine();
    const { words } = pages(process);
    const code = machine.install(COUNTER_ADD);
    const ends: unknown[] = [];
    process.spawn(function* tracer(t) {
      const again = function* (c: Thread): Operation<void> {
        while ((yield* c.call(code.routine('entry'), words, 1)) === ABORTED);
      };
      ends.push(yield* stepped(t, again));
    });
    machine.run({ decisions: 200_000 });
    expect(ends).toEqual([undefined]);
    expect(aborts()).toBeGreaterThan(100);
  });

  it.each(Object.entries(CASES))('%s completes by its fallback', (_name, one) => {
    const { machine, process, aborts } = steppedMachine();
    const memory = machine.createSharedMemory(PAGE);
    const words = process.mapShared(memory);
    for (let cpu = 0; cpu < 2; cpu++) process.write32(words + cpu * 64, 5);
    const node = words + 512;
    const result = words + 1024;
    const scratch = words + 2048;
    const code = machine.install(one.program);
    const op = { code, entry: 'entry', section: 'cs', aborted: ABORTED };
    const ends: unknown[] = [];
    process.spawn(function* tracer(t) {
      ends.push(
        yield* stepped(t, function* (c) {
          const done = yield* runWithFallback(c, op, one.args(words, node), scratch);
          yield* c.store(result, typeof done === 'number' ? done : -1);
        }),
      );
    });
    expect(machine.run({ decisions: 200_000 }).outcome).toBe('finished');
    expect(ends).toEqual([{ kind: 'exited', code: 0 }]);
    expect(aborts()).toBe(1);
    expect(process.read32(result)).toBe(one.result);
    expect([0, 64].map((at) => process.read32(words + at)).sort()).toEqual(
      [5, one.word(node)].sort(),
    );
    expect(process.read32(node)).toBe(one.next);
  });
});

describe('when every page is swapped out before every access', () => {
  function pagedMachine(): { machine: Machine; process: Process; director: PagingDirector } {
    const director = new PagingDirector();
    const machine = new Machine(
      { ...CONFIG, cpus: 1, kernel: KERNEL, events: { pageFaults: true } },
      director,
    );
    return { machine, process: machine.createProcess('main'), director };
  }

  it('a section that starts over when it is aborted never ends', () => {
    const { machine, process, director } = pagedMachine();
    const { words } = pages(process);
    const code = machine.install(COUNTER_ADD);
    process.spawn(function* stubborn(t) {
      while ((yield* t.call(code.routine('entry'), words, 1)) === ABORTED);
    });
    expect(machine.run({ decisions: 5000 }).outcome).toBe('limit');
    expect(director.pagesOut).toBeGreaterThan(500);
    expect(process.read32(words)).toBe(5);
  });

  it.each(Object.entries(CASES))('%s completes by its fallback', (_name, one) => {
    const { machine, process, director } = pagedMachine();
    let aborts = 0;
    machine.events.on('abort', () => (aborts += 1));
    const { words, node, scratch } = pages(process);
    const code = machine.install(one.program);
    const op = { code, entry: 'entry', section: 'cs', aborted: ABORTED };
    const results: (number | NoFallback)[] = [];
    process.spawn(function* paged(t) {
      results.push(yield* runWithFallback(t, op, one.args(words, node), scratch));
    });
    expect(machine.run({ decisions: 5000 }).outcome).toBe('finished');
    expect(results).toEqual([one.result]);
    expect(aborts).toBe(1);
    expect(director.pagesOut).toBeGreaterThan(1);
    expect(process.read32(words)).toBe(one.word(node));
    expect(process.read32(node)).toBe(one.next);
  });
});

it('an operation without a vector says why when its section was aborted', () => {
  const { machine, process } = steppedMachine();
  const square = routine((b) => ownWord(b).ld32(r6, r5).mul(r6, r6, r6).st32(r6, r5));
  const code = machine.install(square);
  const { words, scratch } = pages(process);
  const op = { code, entry: 'entry', section: 'cs', aborted: ABORTED };
  const seen: unknown[] = [];
  process.spawn(function* tracer(t) {
    yield* stepped(t, function* (c) {
      seen.push(yield* runWithFallback(c, op, [words], scratch));
    });
  });
  machine.run({ decisions: 200_000 });
  expect(seen).toMatchObject([{ rule: 'value' }]);
});
