import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';
import { randomPrograms, scenarioOf } from './states/random-sections.js';

const TSO = { search: 'states', machine: { memory: 'tso' } } as const;

/** What searches have to agree in. */
const answer = ({ outcome, kernelEvents, finding }: CheckResult): object =>
  finding === undefined ? { outcome } : { kind: finding.kind, kernelEvents };

type Body = (t: Thread, address: number) => Operation<unknown>;

/** Threads on CPUs of their own; what memory ends with goes to `ends`. */
function apart(bodies: readonly Body[], ends: Set<string>): Scenario {
  return scenario({
    name: 'threads apart',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, memoryBytes: 2 ** 22 },
    setup(lab) {
      const address = lab.process.allocate(32);
      bodies.forEach((body, cpu) => lab.spawn((t) => body(t, address), { cpu }));
      return address;
    },
    check(address, lab) {
      ends.add([0, 1, 2, 3].map((n) => lab.process.read32(address + 4 * n)).join());
    },
  });
}

/** What a search finds that leaves interleavings out, and one that does not. */
function both(program: (ends: Set<string>) => Scenario, kernelEvents: number) {
  const [ends, kept] = [new Set<string>(), new Set<string>()];
  const all = check(program(ends), { ...TSO, kernelEvents });
  const reduced = check(program(kept), { ...TSO, kernelEvents, reduce: true });
  return { all, reduced, ends: [...ends].sort(), kept: [...kept].sort() };
}

describe('stores into a buffer of their own CPU, not interleaved', () => {
  it.each([0, 1])('leave the same ends in any small program, with %i kernel events', (events) => {
    let [states, left] = [0, 0];
    fc.assert(
      fc.property(randomPrograms, (program) => {
        const { all, reduced, ends, kept } = both((into) => scenarioOf(program, {}, into), events);
        expect(answer(reduced)).toEqual(answer(all));
        if (all.outcome !== 'fails') expect(kept).toEqual(ends);
        states += all.states;
        left += reduced.states;
      }),
      { numRuns: 6 },
    );
    expect(left).toBeLessThan(states);
  });

  it('leave what only buffers make possible', () => {
    const side = (mine: number): Body =>
      function* side(t, at) {
        yield* t.store(at + 4 * mine, 1);
        yield* t.store(at + 8 + 4 * mine, (yield* t.load(at + 4 - 4 * mine)) + 1);
      };
    const { all, reduced, ends, kept } = both((into) => apart([side(0), side(1)], into), 0);
    expect(kept).toEqual(ends);
    expect(kept).toContain('1,1,1,1');
    expect(reduced.states).toBeLessThan(all.states);
  });

  it('are interleaved after all where a system call empties buffers of other CPUs', () => {
    const writer: Body = function* writer(t, at) {
      yield* t.store(at, 1);
      yield* t.store(at + 8, (yield* t.load(at + 4)) + 1);
    };
    const emptier: Body = function* emptier(t, at) {
      yield* t.store(at + 4, 1);
      yield* membarrier(t, MembarrierCommand.Global);
      yield* t.store(at + 12, (yield* t.load(at)) + 1);
    };
    const { all, reduced, ends, kept } = both((into) => apart([writer, emptier], into), 0);
    expect(kept).toEqual(ends);
    expect(reduced.states).toBe(all.states);
  });
});
