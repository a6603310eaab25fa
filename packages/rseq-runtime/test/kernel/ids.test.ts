import { describe, expect, it } from 'vitest';
import {
  Machine,
  ProgramBuilder,
  RandomDirector,
  Registers,
  SignalNumber,
  membarrier,
  MembarrierCommand,
  schedYield,
  sigaction,
} from '@rseqlab/sim-machine';
import type { EventAllowance } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../src/kernel/rseq-abi.js';
import { rseq } from '../../src/kernel/rseq-module.js';
import { Observer } from './observer.js';

const { r0, r1, r5, r7, r14 } = Registers;

const events: EventAllowance = {
  ticks: true,
  signals: [SignalNumber.SIGURG],
  pageFaults: true,
  hotplug: true,
};

describe('cpu_id and cpu_id_start', () => {
  it('are those of the CPU whenever a thread is in user mode, whatever happens to it', () => {
    let looks = 0;
    const look = (): void => {
      const { cpus } = machine;
      for (const cpu of cpus.possible) {
        const id = cpus.current[cpu]!;
        if (id < 0) continue;
        const { process, threadPointer } = machine.thread(id);
        const read = (offset: number): number =>
          (process as unknown as { read32(address: number): number }).read32(
            threadPointer + offset,
          );
        expect(read(RseqOffset.cpuId)).toBe(cpu);
        expect(read(RseqOffset.cpuIdStart)).toBe(cpu);
        looks += 1;
      }
    };
    const machine: Machine = new Machine(
      { cpus: 3, kernel: [rseq()], events, memoryBytes: 2 ** 22, maxThreads: 8 },
      new Observer(0, look),
    );
    for (let seed = 0; seed < 25; seed++) {
      machine.reset(new Observer(seed, look));
      const process = machine.createProcess('main');
      const word = process.allocate(4);
      for (let i = 0; i < 4; i++)
        process.spawn(function* busy(t) {
          yield* sigaction(t, SignalNumber.SIGURG, function* handler(self) {
            yield* self.fetchAdd(word, 1);
          });
          yield* t.fetchAdd(word, 1);
          yield* schedYield(t);
          yield* t.store(t.stackPointer - 4096, 1);
        });
      machine.run({ decisions: 400 });
    }
    expect(looks).toBeGreaterThan(3000);
  });

  it.each(['sc', 'tso'] as const)(
    'agree with the hardware wherever a section reads both, under %s',
    (memory) => {
      // r0 = cpu_id - the hardware's number of the CPU; the commit makes sure nothing came between.
      const compare = new ProgramBuilder('compare')
        .label('compare')
        .li32(r7, 'cs')
        .st32(r7, r14, RseqOffset.rseqCs)
        .section('cs', {
          signature: RSEQ_SIGNATURE,
          body: (section) =>
            section.ld32(r0, r14, RseqOffset.cpuId).rdpid(r5).sub(r0, r0, r5).st32(r0, r1),
          abort: 'compare',
        })
        .ret()
        .build();
      const machine = new Machine(
        { cpus: 2, memory, kernel: [rseq()], memoryBytes: 2 ** 22, maxThreads: 8 },
        new RandomDirector({ seed: 0 }),
      );
      let aborts = 0;
      machine.events.on('abort', () => (aborts += 1));
      for (let seed = 0; seed < 50; seed++) {
        machine.reset(new RandomDirector({ seed }));
        const process = machine.createProcess('main');
        const word = process.allocate(4);
        const routine = machine.install(compare).routine('compare');
        const differences: number[] = [];
        for (let i = 0; i < 3; i++)
          process.spawn(function* comparing(t) {
            for (let n = 0; n < 2; n++) differences.push(yield* t.call(routine, word));
          });
        expect(machine.run({ decisions: 20_000 }).outcome).toBe('finished');
        expect(differences, `seed ${seed}`).toEqual(new Array(6).fill(0));
      }
      expect(aborts).toBeGreaterThan(1000);
    },
  );
});

describe('membarrier', () => {
  it('aborts the section of a sibling that runs on another CPU', () => {
    const spin = new ProgramBuilder('spin')
      .label('spin')
      .li32(r7, 'cs')
      .st32(r7, r14, RseqOffset.rseqCs)
      .section('cs', {
        signature: RSEQ_SIGNATURE,
        body: (section) => section.ld32(r5, r1).ld32(r5, r1).ld32(r5, r1).st32(r5, r1),
        abort: (handler) => handler.li(r0, 1).ret(),
      })
      .li(r0, 0)
      .ret()
      .build();
    let aborted = 0;
    const machine = new Machine(
      {
        cpus: 2,
        kernel: [rseq()],
        memoryBytes: 2 ** 22,
        events: { preemption: false, migration: false },
      },
      new RandomDirector({ seed: 0 }),
    );
    for (let seed = 0; seed < 60; seed++) {
      machine.reset(new RandomDirector({ seed }));
      const process = machine.createProcess('main');
      const word = process.allocate(4);
      const routine = machine.install(spin).routine('spin');
      process.spawn(function* section(t) {
        aborted += yield* t.call(routine, word);
      });
      process.spawn(function* barrier(t) {
        yield* membarrier(t, MembarrierCommand.RegisterPrivateExpeditedRseq);
        yield* membarrier(t, MembarrierCommand.PrivateExpeditedRseq);
      });
      expect(machine.run().outcome).toBe('finished');
    }
    expect(aborted).toBeGreaterThan(5);
    expect(aborted).toBeLessThan(60);
  });
});
