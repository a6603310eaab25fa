import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Machine,
  RandomDirector,
  XEON_E5_2630V3,
  encodeDecision,
  getcpu,
} from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { cpuOpv } from '../../../src/kernel/cpu-opv/cpu-opv-module.js';
import { getcpuCache } from '../../../src/kernel/getcpu-cache/getcpu-cache-module.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import { CpuOpVector } from '../../../src/user/cpu-op-vector.js';
import { placeCpuOpVector, sysCpuOpv } from '../../../src/user/cpu-opv.js';
import { setGetcpuCache } from '../../../src/user/getcpu-cache.js';
import { ABORTED, COMMITTED, SectionMachine } from '../section-fixture.js';
import { OpvMachine } from './opv-machine.js';
import { preempt, step } from '../../hand-machine.js';

const offline = (cpu: number): Decision => encodeDecision(DecisionKind.Offline, cpu, 0);

describe('cpu_opv moves its caller to the CPU', () => {
  it('and leaves it there', () => {
    const seen: number[] = [];
    const machine = new OpvMachine();
    const migrations = machine.heard('migration');
    machine.call([{ op: 'ADD', len: 4, p: machine.data, count: 1 }], {
      cpu: 2,
      *after(t) {
        seen.push((yield* getcpu(t)).cpu);
      },
    });
    expect(seen).toEqual([2]);
    expect(migrations).toEqual([{ thread: 0, from: 0, to: 2 }]);
  });

  it('not when it is there, nor when the call is refused', () => {
    for (const call of [{ cpu: 0 }, { cpu: 2, count: 17 }]) {
      const machine = new OpvMachine();
      const migrations = machine.heard('migration');
      machine.call([{ op: 'MB' }], call);
      expect(migrations).toEqual([]);
    }
  });

  it('and the CPU number of rseq and of getcpu_cache follow', () => {
    const machine = new OpvMachine({}, [rseq(), getcpuCache()]);
    const seen: number[] = [];
    machine.call([{ op: 'MB' }], {
      cpu: 1,
      before: (t) => setGetcpuCache(t, machine.data + 64),
      *after(t) {
        seen.push(yield* t.load(machine.data + 64), yield* t.load(t.threadPointer + 4));
      },
    });
    expect(seen).toEqual([1, 1]);
  });

  it('but not to one that is offline: it works from where it is', () => {
    const machine = new OpvMachine({ cpus: { cpus: 3, online: [0, 1] } });
    const migrations = machine.heard('migration');
    const ops = [{ op: 'ADD', len: 4, p: machine.data, count: 1 }] as const;
    expect(machine.call(ops, { cpu: 2 })).toBe(0);
    expect(machine.word(0)).toBe(1);
    expect(migrations).toEqual([]);
  });

  it('with hotplug before, between and after calls: nothing is lost', () => {
    const machine = new OpvMachine();
    const vector = new CpuOpVector([{ op: 'ADD', len: 4, p: machine.data, count: 1 }]);
    const ops = placeCpuOpVector(machine.process, vector);
    const results: number[] = [];
    machine.process.spawn(function* caller(t) {
      for (let i = 0; i < 6; i++) results.push(yield* sysCpuOpv(t, ops, 1, i % 3));
    });
    machine.decide(step(0), step(0), step(0), offline(2));
    expect(machine.finish()).toBe('finished');
    expect(results).toEqual([0, 0, 0, 0, 0, 0]);
    expect(machine.word(0)).toBe(6);
  });
});

describe('a section on the CPU that cpu_opv works on', () => {
  /** A thread on CPU 0 in front of its commit, and a caller on CPU 1. */
  function race(aborts: boolean): { word: number; result: number } {
    const machine = new SectionMachine({ options: { aborts }, more: [cpuOpv()] });
    const { word } = machine;
    const vector = new CpuOpVector([{ op: 'ADD', len: 4, p: word, count: 100 }]);
    const ops = placeCpuOpVector(machine.process, vector);
    machine.process.spawn(
      function* caller(t) {
        expect(yield* sysCpuOpv(t, ops, 1, 0)).toBe(0);
      },
      { cpu: 1 },
    );
    machine.stepToLabel('commit');
    while (machine.process.read32(word) !== 100) machine.decide(step(1));
    expect(machine.finish()).toBe('finished');
    return { word: machine.process.read32(word), result: machine.results[0]! };
  }

  it('is aborted, so that neither is lost', () => {
    expect(race(true)).toEqual({ word: 100, result: ABORTED });
  });

  it('overwrites what was done when the kernel does not abort sections', () => {
    expect(race(false)).toEqual({ word: 1, result: COMMITTED });
  });
});

describe('cpu_opv and store buffers', () => {
  const tso = { memory: 'tso' } as const;

  it('sees the stores that the caller has buffered', () => {
    for (const cpu of [0, 1]) {
      const machine = new OpvMachine(tso);
      const { data } = machine;
      const ops = [{ op: 'COMPARE_EQ', len: 4, a: data, b: { low: 5 } }] as const;
      expect(machine.call(ops, { cpu, before: (t) => t.store(data, 5) })).toBe(0);
    }
  });

  it('leaves its stores in the buffer of its own CPU, and MB drains it', () => {
    for (const [last, expected] of [
      ['ADD', [0, 1]],
      ['MB', [1, 1]],
    ] as const) {
      const machine = new OpvMachine(tso);
      const { data } = machine;
      const seen: number[] = [];
      machine.start(
        [
          { op: 'ADD', len: 4, p: data, count: 1 },
          last === 'MB' ? { op: 'MB' } : { op: 'ADD', len: 4, p: data + 4, count: 1 },
        ],
        { after: (t) => t.fence() },
      );
      const exits = machine.heard('syscallExit');
      for (let i = 0; i < 40 && exits.length === 0; i++) machine.decide(step(0));
      seen.push(machine.word(0));
      machine.finish();
      seen.push(machine.word(0));
      expect(seen).toEqual(expected);
    }
  });

  it('makes what the interrupted thread has stored visible, and its own stores', () => {
    const machine = new OpvMachine(tso);
    const { data } = machine;
    machine.process.spawn(
      function* other(t) {
        yield* t.store(data, 40);
        for (let i = 0; i < 5; i++) yield* t.load(data + 64);
      },
      { cpu: 1 },
    );
    machine.decide(step(1), step(1), step(1), step(1));
    machine.start([{ op: 'ADD', len: 4, p: data, count: 2 }], { cpu: 1 });
    const exits = machine.heard('syscallExit');
    for (let i = 0; i < 40 && exits.length === 0; i++) machine.decide(step(0));
    expect(machine.word(0)).toBe(42);
    expect(machine.finish()).toBe('finished');
  });
});

describe('cpu_opv under any schedule', () => {
  it.each(['sc', 'tso'] as const)(
    'adds to a counter of each CPU without losing any, %s',
    (memory) => {
      const THREADS = 3;
      const ADDS = 8;
      for (let seed = 0; seed < 40; seed++) {
        const machine = new Machine(
          { cpus: 2, memory, kernel: [cpuOpv()], memoryBytes: 2 ** 22, maxThreads: 8 },
          new RandomDirector({ seed }),
        );
        const process = machine.createProcess('main');
        const data = process.allocate(128);
        const vectors = [0, 1].map((cpu) =>
          placeCpuOpVector(
            process,
            new CpuOpVector([{ op: 'ADD', len: 4, p: data + cpu * 64, count: 1 }]),
          ),
        );
        for (let i = 0; i < THREADS; i++)
          process.spawn(function* adding(t) {
            for (let n = 0; n < ADDS; n++) {
              const { cpu } = yield* getcpu(t);
              expect(yield* sysCpuOpv(t, vectors[cpu]!, 1, cpu)).toBe(0);
            }
          });
        expect(machine.run({ decisions: 50_000 }).outcome).toBe('finished');
        expect(process.read32(data) + process.read32(data + 64)).toBe(THREADS * ADDS);
      }
    },
  );
});

describe('the simulated price of cpu_opv', () => {
  /** Cycles of a call on the caller's own CPU, the vector and the data being in its cache. */
  function cycles(make: (data: number) => CpuOpVector): number {
    const machine = new OpvMachine({ cost: XEON_E5_2630V3 });
    const vector = make(machine.data);
    const ops = placeCpuOpVector(machine.process, vector);
    let price = 0;
    machine.process.spawn(
      function* caller(t) {
        for (let i = 0; i < 3; i++) {
          const before = yield* t.readClock();
          yield* sysCpuOpv(t, ops, vector.count, 0);
          price = (yield* t.readClock()) - before;
        }
      },
      { cpu: 0 },
    );
    machine.finish();
    return price;
  }

  it('grows with the operations and with the bytes, from that of a system call', () => {
    const empty = cycles(() => new CpuOpVector([]));
    const add = (p: number) => ({ op: 'ADD', len: 4, p, count: 1 }) as const;
    const one = cycles((p) => new CpuOpVector([add(p)]));
    const two = cycles((p) => new CpuOpVector([add(p), add(p)]));
    const page = cycles(
      (p) => new CpuOpVector([{ op: 'MEMCPY', len: 4096, dst: p + 4096, src: p }]),
    );
    expect(empty).toBeGreaterThan(50);
    expect(one).toBeGreaterThan(empty);
    // The clock that a program reads shows whole cycles.
    expect(Math.abs(two - one - (one - empty))).toBeLessThan(4);
    expect(page).toBeGreaterThan(one + 512);
  });

  it('contains two switches on another CPU, which pays for the work', () => {
    const machine = new OpvMachine({ cost: XEON_E5_2630V3 });
    const { cycles: clocks } = machine.machine.cpus;
    const before = clocks[1]!;
    machine.call([{ op: 'ADD', len: 4, p: machine.data, count: 1 }], { cpu: 1 });
    expect(clocks[1]! - before).toBeGreaterThan(2 * XEON_E5_2630V3.costs.ContextSwitch.cycles);
  });
});

it('an interrupted thread of another CPU goes on where it was', () => {
  const machine = new OpvMachine();
  const { data } = machine;
  machine.process.spawn(
    function* other(t) {
      for (let i = 0; i < 10; i++) yield* t.store(data + 64, (yield* t.load(data + 64)) + 1);
    },
    { cpu: 1 },
  );
  machine.decide(step(1, 3));
  machine.start([{ op: 'ADD', len: 4, p: data, count: 1 }], { cpu: 1 });
  const exits = machine.heard('syscallExit');
  for (let i = 0; i < 40 && exits.length === 0; i++) machine.decide(step(0));
  expect(machine.machine.cpus.current[1]).toBe(0);
  machine.decide(preempt(1, 1));
  expect(machine.finish()).toBe('finished');
  expect(machine.word(16)).toBe(10);
  expect(machine.word(0)).toBe(1);
});
