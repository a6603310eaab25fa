import { describe, expect, it } from 'vitest';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import { rseq } from '../../src/kernel/rseq-module.js';
import { RseqStats } from '../../src/kernel/rseq-stats.js';
import { migrate, pageOut, preempt } from '../hand-machine.js';
import { KERNELS, MASKED, OPTIMIZED } from './kernels.js';
import { EventMachine } from './profiles/events-matrix.js';
import { SectionMachine } from './section-fixture.js';

/** What is counted while something happens to a thread in its section. */
function counting<M extends SectionMachine>(
  stats: RseqStats,
  machine: M,
  act: (machine: M) => void,
): Readonly<Record<string, number>> {
  machine.stepToLabel('commit');
  const before = new Map(Object.entries(stats) as [string, number][]);
  act(machine);
  const counts = Object.entries(stats) as [string, number][];
  return Object.fromEntries(
    counts
      .map(([name, count]) => [name, count - before.get(name)!] as const)
      .filter(([, count]) => count !== 0),
  );
}

describe.each(KERNELS)('the counters under $name', (kernel) => {
  const isMasked = MASKED.includes(kernel);
  const isOptimized = OPTIMIZED.includes(kernel);
  const path = isMasked ? { slowp: 1 } : { fastp: 1 };
  // The signature is on a page that nobody has read before, which the fast path cannot resolve.
  const abortPath = isMasked ? { slowp: 1 } : { fastp: 1, slowp: 1 };

  /** Counts with one thread alone on the machine. */
  const alone = (act: (machine: SectionMachine) => void): Readonly<Record<string, number>> => {
    const stats = new RseqStats();
    return counting(stats, new SectionMachine({ options: { ...kernel.options, stats } }), act);
  };

  /** Counts beside others, who have run before. */
  const beside = (act: (machine: EventMachine) => void): Readonly<Record<string, number>> => {
    const stats = new RseqStats();
    const machine = new EventMachine({ ...kernel.options, stats });
    machine.decide(preempt(0, 1), preempt(0, 0));
    return counting(stats, machine, act);
  };

  it('count an abort by migration', () => {
    const counted = alone((machine) => void machine.decide(migrate(0, 2)));
    expect(counted).toEqual({ exit: 1, ...abortPath, ids: 1, cs: 1, fixup: 1 });
  });

  it('count an abort by preemption, and the other thread; unchanged ids need not be written', () => {
    const counted = beside((machine) => {
      machine.let('preempt');
    });
    const twice = isMasked ? { slowp: 2 } : { fastp: 2, slowp: 1 };
    expect(counted).toEqual({
      exit: 2,
      ...twice,
      ...(isOptimized ? {} : { ids: 2 }),
      cs: 1,
      fixup: 1,
    });
  });

  it('count a section that is disarmed from outside', () => {
    const counted = alone((machine) => {
      machine.stepToLabel('postCommit');
      machine.decide(migrate(0, 2));
    });
    expect(counted).toEqual({ exit: 1, ...path, ids: 1, cs: 1, clear: 1 });
  });

  it('count nothing of a section that commits undisturbed', () => {
    const counted = alone((machine) => {
      machine.stepToLabel('postCommit');
    });
    expect(counted).toEqual({});
  });

  it('count a signal, and what is done before its frame', () => {
    const counted = beside((machine) => {
      machine.let('signal');
    });
    expect(counted).toMatchObject({ signal: 1, cs: 1, fixup: 1 });
  });
});

describe('RseqStats', () => {
  it('is zero again after a reset of the machine', () => {
    const stats = new RseqStats();
    const director = new RandomDirector({ seed: 1 });
    const machine = new Machine({ kernel: [rseq({ stats })] }, director);
    machine.createProcess('main').spawn(function* body(t) {
      yield* t.fence();
    });
    machine.run();
    expect(stats.ids).toBeGreaterThan(0);
    machine.reset(director);
    expect(stats).toEqual(new RseqStats());
  });

  it('shows itself as debugfs does', () => {
    const stats = new RseqStats();
    stats.exit = 12;
    stats.sabort = 3;
    const lines = stats.toString().split('\n');
    expect(lines[0]).toBe('exit:                 12');
    expect(lines[12]).toBe('sabort:                3');
    expect(lines.slice(0, 13).map((line) => line.split(':')[0])).toEqual([
      ...['exit', 'signal', 'slowp', 'fastp', 'ids', 'cs', 'clear', 'fixup'],
      ...['sgrant', 'sexpir', 'srevok', 'syield', 'sabort'],
    ]);
    expect(lines).toHaveLength(14);
  });

  it('counts the slow path besides the fast one where a page of the area is not there', () => {
    const slow = (isAway: boolean): number => {
      const stats = new RseqStats();
      const machine = new SectionMachine({ options: { profile: 'v6.19', stats } });
      // Nothing but the area is to be read.
      machine.describe({ postCommitOffset: 0 });
      machine.stepToLabel('first');
      machine.machine.threads.registers[1] = machine.areaOf(0) + 64;
      const before = stats.slowp;
      machine.decide(...(isAway ? [pageOut(0)] : []), migrate(0, 1));
      return stats.slowp - before;
    };
    expect(slow(false)).toBe(0);
    expect(slow(true)).toBe(1);
  });
});
