import {
  MembarrierCommand,
  ProgramBuilder,
  Registers,
  membarrier,
  membarrierRseqOn,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_OFFSET, RSEQ_SIGNATURE, RseqOffset } from '@rseqlab/rseq-runtime';
import { BLOCK_SHIFT, blockOf, blocksBytes } from './per-cpu-blocks.js';
import type { StressStructure } from './stress-structure.js';

const { r0, r1, r5, r6, r7, r14 } = Registers;

/** add(r1: address of the pointer to the counters in use): adds 1 to the word of its CPU. */
const ADD = new ProgramBuilder('counters behind a pointer')
  .label('add')
  .li32(r5, 'cs')
  .st32(r5, r14, RSEQ_OFFSET + RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) =>
      section
        .ld32(r6, r1)
        .ld32(r5, r14, RSEQ_OFFSET + RseqOffset.cpuId)
        .shli(r5, r5, BLOCK_SHIFT)
        .add(r6, r6, r5)
        .ld32(r7, r6)
        .addi(r7, r7, 1)
        .st32(r7, r6),
    abort: 'add',
  })
  .li(r0, 0)
  .ret()
  .build();

/**
 * Counters behind a pointer. The manager puts others in their place, restarts all sections by
 * membarrier, and then empties the old ones by load and store: nobody may use them any more.
 */
export const MEMBARRIER: StressStructure = {
  name: 'membarrier',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const bytes = blocksBytes(cpus);
    const sets = [process.allocate(bytes), process.allocate(bytes)];
    const pointer = process.allocate(4);
    process.write32(pointer, sets[0]!);
    const add = machine.install(ADD).routine('add');
    let adds = 0;
    let emptied = 0;
    const operate = function* (t: Thread): Operation<void> {
      yield* t.call(add, pointer);
      adds += 1;
    };
    const empty = function* (t: Thread, set: number): Operation<void> {
      for (const cpu of cpus) {
        const count = yield* t.load(blockOf(set, cpu));
        yield* t.store(blockOf(set, cpu), 0);
        emptied += count;
      }
    };
    return {
      operate,
      *manage(t) {
        yield* membarrier(t, MembarrierCommand.RegisterPrivateExpeditedRseq);
        for (const [round, old] of sets.entries()) {
          yield* t.storeRelease(pointer, sets[1 - round]!);
          if (round === 0) yield* membarrier(t, MembarrierCommand.PrivateExpeditedRseq);
          else for (const cpu of cpus) yield* membarrierRseqOn(t, cpu);
          yield* empty(t, old);
        }
      },
      *operateLittle(t, index) {
        if (index === 0) return yield* operate(t);
        yield* membarrier(t, MembarrierCommand.RegisterPrivateExpeditedRseq);
        yield* t.store(pointer, sets[1]!);
        yield* membarrier(t, MembarrierCommand.PrivateExpeditedRseq);
        yield* empty(t, sets[0]!);
      },
      fault() {
        const left = sets.flatMap((set) => cpus.map((cpu) => process.read32(blockOf(set, cpu))));
        const sum = left.reduce((total, count) => total + count, emptied);
        return sum === adds ? undefined : `expected ${adds} adds to be found, got ${sum}`;
      },
    };
  },
};
