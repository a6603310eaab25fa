import { PerCpuSpinLock } from '@rseqlab/percpu';
import { blockOf, blocksBytes } from './per-cpu-blocks.js';
import type { StressStructure } from './stress-structure.js';

/**
 * The locks of the percpu package. Who holds one may move elsewhere; a count that only holders
 * change, by load and store, tells whether there ever were two.
 */
export const LOCK: StressStructure = {
  name: 'spin lock',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const lock = PerCpuSpinLock.create(machine, process);
    const counts = process.allocate(blocksBytes(cpus));
    let taken = 0;
    return {
      *operate(t) {
        const index = yield* lock.lock(t);
        const at = blockOf(counts, index);
        yield* t.store(at, (yield* t.load(at)) + 1);
        yield* lock.unlock(t, index);
        taken += 1;
      },
      fault() {
        const sum = cpus.reduce((total, cpu) => total + process.read32(blockOf(counts, cpu)), 0);
        return sum === taken ? undefined : `expected ${taken} holders to have counted, got ${sum}`;
      },
    };
  },
};
