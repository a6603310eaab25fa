import { describe, expect, it } from 'vitest';
import {
  Machine,
  SignalNumber,
  SyscallNumber,
  exec,
  schedYield,
  sigaction,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import { checkOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, migrate, preempt, step } from '../../hand-machine.js';
import { KERNELS, MASKED, OPTIMIZED, kernels } from '../kernels.js';
import { Observer } from '../observer.js';

const LATE = kernels('v6.18', 'v6.19', 'v7.1', 'v7.1 legacy');
/** Kernels that can look whether user space has changed the ids. */
const VALIDATING = LATE.filter(({ name }) => name !== 'v6.18');
const WITHOUT = MASKED.filter(({ name }) => name !== 'v6.18');

describe('the ids of threads in user mode', () => {
  it.each(KERNELS)(
    'are right whatever happens, and mm_cid is unique and compact: $name',
    (kernel) => {
      const isLate = LATE.includes(kernel);
      let looks = 0;
      let together = 0;
      const look = (): void => {
        const { cpus } = machine;
        const cids = new Set<string>();
        let running = 0;
        for (const cpu of cpus.possible) {
          if (cpus.current[cpu]! < 0) continue;
          const { process, threadPointer } = machine.thread(cpus.current[cpu]!);
          const read = (offset: number): number =>
            (process as unknown as { read32(address: number): number }).read32(
              threadPointer + offset,
            );
          expect(read(RseqOffset.cpuId)).toBe(cpu);
          expect(read(RseqOffset.cpuIdStart)).toBe(cpu);
          expect(read(RseqOffset.nodeId)).toBe(isLate ? cpus.node[cpu] : 0);
          const cid = read(RseqOffset.mmCid);
          if (!isLate) expect(cid).toBe(0);
          expect(cid).toBeLessThan(cpus.possible.length);
          cids.add(`${process.id}: ${cid}`);
          running += 1;
          looks += 1;
        }
        if (isLate) expect(cids.size).toBe(running);
        if (running > 1) together += 1;
      };
      const machine: Machine = new Machine(
        {
          cpus: { cpus: 4, nodes: 2 },
          kernel: [rseq(kernel.options)],
          events: { ticks: true, signals: [SignalNumber.SIGURG], pageFaults: true, hotplug: true },
          memoryBytes: 2 ** 22,
          maxThreads: 8,
        },
        new Observer(0, look),
      );
      for (let seed = 0; seed < 5; seed++) {
        machine.reset(new Observer(seed, look));
        for (const name of ['main', 'other']) {
          const process = machine.createProcess(name);
          const word = process.allocate(4);
          for (let i = 0; i < 3; i++)
            process.spawn(function* busy(t) {
              yield* sigaction(t, SignalNumber.SIGURG, function* handler(self) {
                yield* self.fetchAdd(word, 1);
              });
              for (let n = 0; n < 3; n++) {
                yield* t.fetchAdd(word, 1);
                yield* schedYield(t);
              }
            });
        }
        machine.run({ decisions: 250 });
      }
      expect(looks).toBeGreaterThan(1000);
      expect(together).toBeGreaterThan(300);
    },
  );
});

/** Two threads on CPU 0, one on CPU 1, all of one process. */
function three(options: ConstructorParameters<typeof HandMachine>[0]): HandMachine {
  const hand = new HandMachine(options, { cpus: { cpus: 3, nodes: ['0-1', '2'] } });
  for (const cpu of [0, 1, 0])
    hand.process.spawn(
      function* body(t) {
        for (;;) yield* t.fence();
      },
      { cpu },
    );
  hand.decide(step(0), step(1));
  return hand;
}

describe('node_id and mm_cid', () => {
  it.each(LATE)('follow the thread: $name', ({ options }) => {
    const hand = three(options);
    const [first, second, third] = [0, 1, 2].map((thread) => hand.areaOf(thread));
    const before = [first, second].map((area) => hand.ids(area!));
    expect(before.map(({ nodeId }) => nodeId)).toEqual([0, 0]);
    expect(before.map(({ mmCid }) => mmCid).sort()).toEqual([0, 1]);
    hand.decide(migrate(0, 2));
    // The third thread took the CPU of the first before that got another.
    const cids = [first, second, third].map((area) => hand.ids(area!).mmCid);
    expect([...cids].sort()).toEqual([0, 1, 2]);
    expect(hand.ids(first!)).toMatchObject({ cpuId: 2, nodeId: 1 });
  });

  it.each(LATE)('count a thread that runs without a registration, too: $name', ({ options }) => {
    const { areaLength } = checkOptions(options);
    const hand = new HandMachine({ ...options, autoRegister: false });
    const cids: number[] = [];
    hand.process.spawn(
      function* late(t) {
        const area = t.threadPointer;
        yield* t.syscall(SyscallNumber.rseq, area, areaLength, 0, RSEQ_SIGNATURE);
        cids.push(yield* t.load(area + RseqOffset.mmCid));
        yield* t.syscall(SyscallNumber.rseq, area, areaLength, 1, RSEQ_SIGNATURE);
        yield* t.syscall(SyscallNumber.rseq, area, areaLength, 0, RSEQ_SIGNATURE);
        cids.push(yield* t.load(area + RseqOffset.mmCid));
      },
      { cpu: 0 },
    );
    hand.process.spawn(
      function* unregistered(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 1 },
    );
    // The thread that was made last has its CPU, and an id, first.
    hand.decide(step(1), step(0, 1000));
    // Giving the registration up is not giving the id up.
    expect(cids).toEqual([1, 1]);
  });

  it.each(LATE)('begin anew with another program: $name', ({ options }) => {
    const hand = new HandMachine(options);
    const cids: number[] = [];
    const cidOf = (t: Thread): Operation<number> => t.load(t.threadPointer + RseqOffset.mmCid);
    hand.process.spawn(
      function* second(t) {
        cids.push(yield* cidOf(t));
        yield* exec(t, function* replaced(self) {
          cids.push(yield* cidOf(self));
        });
      },
      { cpu: 0 },
    );
    hand.process.spawn(
      function* first(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 1 },
    );
    hand.decide(step(1), step(0, 1000));
    expect(cids).toEqual([1, 0]);
  });

  it.each(WITHOUT)('are not written before they exist: $name', ({ options }) => {
    const hand = three(options);
    const area = hand.areaOf(0);
    hand.process.write32(area + RseqOffset.nodeId, 7);
    hand.process.write32(area + RseqOffset.mmCid, 8);
    hand.decide(migrate(0, 2));
    expect(hand.ids(area)).toMatchObject({ cpuId: 2, nodeId: 7, mmCid: 8 });
  });
});

describe('ids that user space has changed', () => {
  const FIELDS = ['cpuIdStart', 'cpuId', 'nodeId', 'mmCid'] as const;

  it.each(FIELDS)('%s: SIGSEGV in the new mode once they are to change, not before', (field) => {
    const hand = three({ profile: 'v7.1' });
    const area = hand.areaOf(0);
    hand.process.write32(area + RseqOffset[field], 99);
    hand.decide(preempt(0, 2), preempt(0, 0));
    expect(hand.process.exited).toBe(false);
    expect(hand.ids(area)[field]).toBe(99);
    hand.decide(migrate(0, 2));
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it.each(
    VALIDATING.flatMap(({ name, options }) => FIELDS.map((field) => ({ name, options, field }))),
  )('$field, $name: SIGSEGV in debug mode', ({ options, field }) => {
    const hand = three({ ...options, debug: true });
    hand.process.write32(hand.areaOf(0) + RseqOffset[field], 99);
    hand.decide(migrate(0, 2));
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it.each(OPTIMIZED)('that were changed back are as good as new: $name', ({ options }) => {
    const hand = three(options);
    const area = hand.areaOf(0);
    hand.process.write32(area + RseqOffset.cpuIdStart, 99);
    hand.process.write32(area + RseqOffset.cpuIdStart, 0);
    hand.decide(migrate(0, 2));
    expect(hand.ids(area).cpuIdStart).toBe(2);
  });
});
