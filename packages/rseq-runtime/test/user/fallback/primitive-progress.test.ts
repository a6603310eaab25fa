import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Director, Operation, Process, Thread } from '@rseqlab/sim-machine';
import {
  PrimitiveOutcome,
  SectionPrimitive,
  addv,
  cmpeqvCmpeqvStorev,
  cmpeqvStorev,
  cmpeqvTrymemcpyStorev,
  cmpeqvTrystorevStorev,
  cmpnevStoreoffpLoad,
  cpuOpv,
  cpuOpvFallback,
  currentIndex,
  offsetDerefAddv,
  rseq,
} from '../../../src/index.js';
import type { PrimitiveDefinition, PrimitiveOptions } from '../../../src/index.js';
import { PagingDirector } from './paging-director.js';
import { stepped } from './stepped-child.js';

const PAGE = 4096;
const COPY_BYTES = 8;

/** How a primitive is called on a page, and which words it has to leave there; all other are 0. */
interface Case {
  readonly definition: PrimitiveDefinition;
  /** The words at the beginning. */
  readonly words: (at: number) => readonly number[];
  /** Its arguments without the index. */
  readonly args: (at: number) => readonly number[];
  readonly left: (at: number) => readonly number[];
  readonly loaded?: (at: number) => number;
  readonly outcome?: PrimitiveOutcome;
}

const CASES: readonly Case[] = [
  {
    definition: addv,
    words: () => [5, 0, 0, 0],
    args: (at) => [at, 3],
    left: () => [8, 0, 0, 0],
  },
  {
    definition: cmpeqvStorev,
    words: () => [5, 0, 0, 0],
    args: (at) => [at, 5, 9],
    left: () => [9, 0, 0, 0],
  },
  {
    definition: cmpnevStoreoffpLoad,
    words: (at) => [at + 8, 0, 6, 7],
    args: (at) => [at, 0, 4],
    left: () => [7, 0, 6, 7],
    loaded: (at) => at + 8,
  },
  {
    definition: cmpnevStoreoffpLoad,
    words: () => [0, 0, 6, 7],
    args: (at) => [at, 0, 4],
    left: () => [0, 0, 6, 7],
    outcome: PrimitiveOutcome.CompareFailed,
  },
  {
    definition: offsetDerefAddv,
    words: (at) => [0, at + 12, 0, 7],
    args: (at) => [at, 4, 3],
    left: (at) => [0, at + 12, 0, 10],
  },
  {
    definition: cmpeqvTrystorevStorev,
    words: () => [5, 0, 0, 0],
    args: (at) => [at, 5, at + 8, 4, 9],
    left: () => [9, 0, 4, 0],
  },
  {
    definition: cmpeqvCmpeqvStorev,
    words: () => [5, 6, 0, 0],
    args: (at) => [at, 5, at + 4, 6, 9],
    left: () => [9, 6, 0, 0],
  },
  {
    definition: cmpeqvCmpeqvStorev,
    words: () => [5, 6, 0, 0],
    args: (at) => [at, 5, at + 4, 7, 9],
    left: () => [5, 6, 0, 0],
    outcome: PrimitiveOutcome.CompareFailed,
  },
  {
    definition: cmpeqvTrymemcpyStorev(COPY_BYTES),
    words: () => [5, 0, 3, 4, 0, 0],
    args: (at) => [at, 5, at + 16, at + 8, 9],
    left: () => [9, 0, 3, 4, 3, 4],
  },
];

const FORMS = [
  ['relaxed', 'cpu_id'],
  ['release', 'cpu_id'],
  ['relaxed', 'mm_cid'],
  ['release', 'mm_cid'],
] as const;

type Form = Required<Pick<PrimitiveOptions, 'order' | 'index'>>;

const CALLS = CASES.flatMap((one) =>
  FORMS.map(([order, index]) => {
    const ends = one.outcome === PrimitiveOutcome.CompareFailed ? 'a compare that fails' : 'commit';
    return [`${one.definition.name}, ${order}, ${index}, ${ends}`, one, { order, index }] as const;
  }),
);

function machineOf(director: Director, pageFaults = false): Machine {
  return new Machine(
    {
      cpus: 1,
      memoryBytes: 2 ** 22,
      maxThreads: 4,
      maxProcesses: 4,
      kernel: [rseq({ profile: 'v6.19' }), cpuOpv()],
      events: { pageFaults },
    },
    director,
  );
}

/** One call until it is not aborted; leaves outcome and what was loaded behind the words. */
function caller(
  machine: Machine,
  process: Process,
  one: Case,
  form: Form,
  at: number,
  hasFallback: boolean,
): (t: Thread) => Operation<void> {
  const fallback = hasFallback ? { fallback: cpuOpvFallback(machine, process) } : {};
  const primitive = new SectionPrimitive(machine, one.definition, { ...form, ...fallback });
  for (const [n, word] of one.words(at).entries()) process.write32(at + 4 * n, word);
  return function* call(t) {
    for (;;) {
      const args = [...one.args(at), yield* currentIndex(t, form.index)] as [
        number,
        number,
        number,
        number,
      ];
      const { outcome, loaded } = yield* primitive.run(t, ...args);
      if (outcome === PrimitiveOutcome.Aborted) continue;
      yield* t.store(at + 256, outcome);
      yield* t.store(at + 260, loaded);
      return;
    }
  };
}

function expectDone(process: Process, one: Case, at: number): void {
  const left = one.left(at);
  expect(left.map((_, n) => process.read32(at + 4 * n))).toEqual(left);
  expect(process.read32(at + 256)).toBe(one.outcome ?? PrimitiveOutcome.Committed);
  expect(process.read32(at + 260)).toBe(one.loaded?.(at) ?? 0);
}

describe('under permanent single-stepping', () => {
  function run(one: Case, form: Form, hasFallback: boolean, limit: number) {
    const machine = machineOf(new TimedDirector());
    const process = machine.createProcess('main');
    let aborts = 0;
    machine.events.on('abort', () => (aborts += 1));
    const at = process.mapShared(machine.createSharedMemory(PAGE));
    const call = caller(machine, process, one, form, at, hasFallback);
    const ends: unknown[] = [];
    process.spawn(function* tracer(t) {
      ends.push(yield* stepped(t, call, limit));
    });
    machine.run({ decisions: 50_000 });
    return { ends, aborts, process, at };
  }

  it.each(CALLS)('%s: completes by its fallback', (_, one, form) => {
    const { ends, aborts, process, at } = run(one, form, true, 2000);
    expect(ends).toEqual([{ kind: 'exited', code: 0 }]);
    expect(aborts).toBe(1);
    expectDone(process, one, at);
  });

  it.each(CALLS)('%s: does not complete by trying again', (_, one, form) => {
    const { ends, aborts } = run(one, form, false, 500);
    expect(ends).toEqual([undefined]);
    expect(aborts).toBeGreaterThan(10);
  });
});

describe('when every page is swapped out before every access', () => {
  function run(one: Case, form: Form, hasFallback: boolean, decisions: number) {
    const director = new PagingDirector();
    const machine = machineOf(director, true);
    const process = machine.createProcess('main');
    let aborts = 0;
    machine.events.on('abort', () => (aborts += 1));
    const at = process.allocate(PAGE, PAGE);
    process.spawn(caller(machine, process, one, form, at, hasFallback));
    const { outcome } = machine.run({ decisions });
    return { outcome, aborts, director, process, at };
  }

  it.each(CALLS)('%s: completes by its fallback', (_, one, form) => {
    const { outcome, aborts, director, process, at } = run(one, form, true, 5000);
    expect(outcome).toBe('finished');
    expect(aborts).toBe(1);
    expect(director.pagesOut).toBeGreaterThan(1);
    expectDone(process, one, at);
  });

  it.each(CALLS)('%s: does not complete by trying again', (_, one, form) => {
    const { outcome, aborts } = run(one, form, false, 5000);
    expect(outcome).toBe('limit');
    expect(aborts).toBeGreaterThan(100);
  });
});
