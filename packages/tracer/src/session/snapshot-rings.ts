import { getAffinity, setAffinity } from '@rseqlab/sim-machine';
import type { Machine, Operation, Thread } from '@rseqlab/sim-machine';
import { copySubbuf } from '../consumer/subbuf-content.js';
import type { SubbufContent } from '../consumer/subbuf-content.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { SnapshotReader } from '../ring/snapshot-reader.js';

/**
 * Reads the rings of all CPUs that are online, on each CPU in turn; the thread ends where it may have been before.
 *
 * @param deliver takes the sub-buffers, oldest first of each CPU
 */
export function* snapshotRings(
  t: Thread,
  machine: Machine,
  buffers: RingBuffers,
  clock: TraceClock,
  deliver: (content: SubbufContent) => void,
): Operation<void> {
  const affinity = yield* getAffinity(t);
  for (const cpu of machine.cpus.possible) {
    if ((yield* setAffinity(t, [cpu])) !== 0) continue;
    const ring = buffers.ringOf(cpu);
    yield* new SnapshotReader(machine, buffers, cpu).snapshot(t, function* copy(_t, subbuf) {
      const sequence = BigInt(subbuf.start >>> buffers.layout.subbufShift);
      deliver(copySubbuf(buffers.process, { ...subbuf, cpu, ring, sequence }, clock));
    });
  }
  yield* setAffinity(t, affinity);
}
