import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Machine, TimedDirector, verifySections } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { cpuOpv } from '../../../src/kernel/cpu-opv/cpu-opv-module.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import { runCpuOpVector } from '../../../src/user/cpu-opv.js';
import { deriveFallback } from '../../../src/user/fallback/derive-fallback.js';
import { FALLBACK_SCRATCH_BYTES } from '../../../src/user/fallback/run-with-fallback.js';
import { DONE, FAILED } from './routines.js';
import { AREA_BYTES, randomCalls } from './random-section.js';
import type { RandomCall } from './random-section.js';

const RUNS = 600;

/** A process with the two areas of a call; they have the same addresses in every process. */
function areas(machine: Machine, memory: readonly number[]): { process: Process; start: number } {
  const process = machine.createProcess('main');
  const start = process.allocate(2 * AREA_BYTES);
  memory.forEach((value, index) => process.write32(start + index * 4, value));
  return { process, start };
}

/** Runs a program in a process and returns its result and what the areas hold then. */
function run(
  machine: Machine,
  { process, start }: ReturnType<typeof areas>,
  body: (t: Thread) => Operation<number>,
): unknown {
  const results: number[] = [];
  process.spawn(
    function* only(t) {
      results.push(yield* body(t));
    },
    { cpu: 0, affinity: [0] },
  );
  expect(machine.run({ decisions: 10_000 }).outcome).toBe('finished');
  const words = Array.from({ length: AREA_BYTES / 2 }, (_, at) => process.read32(start + at * 4));
  return { results, words };
}

it('a section and its vector leave the same memory and have the same outcome', () => {
  const machine = new Machine(
    { cpus: 1, memoryBytes: 2 ** 22, maxThreads: 2, maxProcesses: 2, kernel: [rseq(), cpuOpv()] },
    new TimedDirector(),
  );
  const seen = new Map<string, number>();
  const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  const property = ({ program, values, memory }: RandomCall): void => {
    verifySections(program);
    machine.reset(new TimedDirector());
    const code = machine.install(program);
    const first = areas(machine, memory);
    const second = areas(machine, memory);
    const args = [first.start, first.start + AREA_BYTES, ...values];
    const derived = deriveFallback({
      code,
      entry: 'entry',
      section: 'cs',
      args,
      threadPointer: 0x70008000,
      cpu: 0,
    });
    if ('noFallback' in derived) {
      count(derived.noFallback.rule);
      return;
    }
    const { vector, outcomes } = derived.fallback;
    const section = run(machine, first, (t) =>
      t.call(code.routine('entry'), args[0], args[1], args[2], args[3]),
    );
    const scratch = second.process.allocate(FALLBACK_SCRATCH_BYTES, 8);
    const opv = run(machine, second, function* (t) {
      const done = yield* runCpuOpVector(t, scratch, vector, 0);
      return outcomes.get(done) ?? done;
    });
    expect(opv).toEqual(section);
    const [result] = (section as { results: number[] }).results;
    count(result === DONE ? 'committed' : result === FAILED ? 'left' : 'left otherwise');
    count(`${vector.count} operations`);
    for (const op of vector.ops) count(op.op);
  };
  fc.assert(fc.property(randomCalls, property), { numRuns: RUNS });
  // A test of this kind must not pass because nothing had a vector, or all comparisons failed.
  const OPERATIONS = ['MEMCPY', 'COMPARE_EQ', 'COMPARE_NE', 'ADD', 'OR', 'AND', 'XOR', 'MB'];
  for (const some of [
    'committed',
    'left',
    'value',
    'overwritten',
    'LSHIFT',
    'RSHIFT',
    ...OPERATIONS,
  ])
    expect(seen.get(some) ?? 0, some).toBeGreaterThan(0);
});
