import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import { blockOf, blocksBytes, perCpuRoutine } from './per-cpu-section.js';
import type { StressStructure } from './stress-structure.js';

const { r0, r5, r6, r7, r8 } = Registers;

const COUNT_OFFSET = 64;

/** tryLock(r1: blocks): takes the lock of the CPU; the address of its block, or 0 when it is taken. */
const TRY_LOCK = perCpuRoutine(new ProgramBuilder('per-CPU lock'), 'tryLock', (section, none) =>
  section.ld32(r7, r6).bne(r7, r8, none).mov(r0, r6).li(r5, 1).st32(r5, r6),
).build();

/**
 * A lock for each CPU, taken without an atomic. Who holds it may move elsewhere; a count that only
 * holders change, by load and store, tells whether there ever were two.
 */
export const LOCK: StressStructure = {
  name: 'spin lock',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const base = process.allocate(blocksBytes(cpus));
    const tryLock = machine.install(TRY_LOCK).routine('tryLock');
    let taken = 0;
    return {
      *operate(t) {
        // One try: a loop would be followed by searches for as long as it likes.
        const block = yield* t.call(tryLock, base);
        if (block === 0) return;
        const count = yield* t.load(block + COUNT_OFFSET);
        yield* t.store(block + COUNT_OFFSET, count + 1);
        yield* t.storeRelease(block, 0);
        taken += 1;
      },
      fault() {
        const counts = cpus.map((cpu) => process.read32(blockOf(base, cpu) + COUNT_OFFSET));
        const sum = counts.reduce((total, count) => total + count, 0);
        return sum === taken ? undefined : `expected ${taken} holders to have counted, got ${sum}`;
      },
    };
  },
};
