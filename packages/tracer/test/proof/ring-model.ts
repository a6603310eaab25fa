// A ring of the size of the published model of LTTng's: two sub-buffers of four slots, tracers that each
// record once, one that switches sub-buffers, a reader.
import type { Lab, Scenario } from '@rseqlab/explorer';
import type { MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import type { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { RingReader } from '../../src/ring/ring-reader.js';
import type { RingVariant } from '../../src/ring/ring-variant.js';
import { TIMELESS, recording, ringContent } from '../ring/ring-scenario.js';

/** Two words of payload: a record takes a slot of 16 bytes. */
const SLOT_BYTES = 16;

/** Who takes part in a model. */
export interface RingModel {
  readonly tracers: number;
  readonly hasSwitcher: boolean;
  readonly hasReader: boolean;
  /** Default: all on one CPU. */
  readonly readerCpu?: 0 | 1;
  readonly subbufSlots?: number;
  readonly from?: number;
  readonly variant?: RingVariant;
  readonly machine?: MachineConfig;
}

/** A word of the ring that nothing uses: a bit for each event that the reader has found whole. */
const FOUND = 60;

/** A word beside: 1 once the reader has found anything else. */
const TORN = 56;

/** Every event is once in the ring or with the reader, whole, or is lost and counted. */
export function ringModel(model: RingModel): Scenario {
  const { tracers, hasSwitcher, hasReader, subbufSlots = 4, readerCpu = 0 } = model;
  const geometry: RingGeometry = {
    subbufBytes: SLOT_BYTES * subbufSlots,
    subbufCount: 2,
    mode: 'discard',
    isShared: false,
  };
  const threads = [
    ...Array.from({ length: tracers }, () => trace),
    ...(hasSwitcher ? [switchSubbuf] : []),
    ...(hasReader ? [readOnce] : []),
  ];
  const { variant = TIMELESS, from = 0 } = model;
  return recording({
    geometry,
    variant,
    from,
    threads,
    cpus: threads.map((body) => (body === readOnce ? readerCpu : 0)),
    machine: { cpus: readerCpu + 1, memoryBytes: 2 ** 22, ...model.machine },
    events: { migration: false },
    ...(tracers > 1 && { interchangeable: [Array.from({ length: tracers }, (_, n) => n)] }),
    check: (buffers, lab) => {
      checkModel(buffers, lab, tracers);
    },
  });
}

function* trace(t: Thread, buffers: RingBuffers, thread: number): Operation<void> {
  yield* buffers.record(t, thread, [100 + thread, 100 + thread]);
}

function* switchSubbuf(t: Thread, buffers: RingBuffers): Operation<void> {
  yield* buffers.closeSubbuf(t);
}

function* readOnce(t: Thread, buffers: RingBuffers): Operation<void> {
  const reader = new RingReader(buffers, 0);
  const subbuf = yield* reader.next(t);
  if (subbuf === undefined) return;
  for (let at = 0; at < subbuf.contentBytes; at += SLOT_BYTES) {
    const word = yield* t.loadAcquire(subbuf.data + at);
    const first = yield* t.load(subbuf.data + at + 8);
    const second = yield* t.load(subbuf.data + at + 12);
    const event = word >>> 16;
    const isWhole = (word & 1) === 1 && first === 100 + event && second === first;
    if (isWhole) yield* t.fetchOr(buffers.address + FOUND, 1 << event);
    else yield* t.store(buffers.address + TORN, 1);
  }
  yield* reader.release(t, subbuf);
}

function checkModel(buffers: RingBuffers, lab: Lab, emitted: number): void {
  const { process, address } = buffers;
  lab.expectEqual(process.read32(address + TORN), 0, 'records that the reader found broken');
  const { records, lost, isCommitted } = ringContent(buffers, 0);
  lab.expect(isCommitted, 'the ring to be committed');
  let seen = process.read32(address + FOUND);
  for (const { event, isCommitted: isWhole, words } of records) {
    lab.expect(isWhole && words[0] === 100 + event && words[1] === words[0], `a whole ${event}`);
    lab.expect((seen & (1 << event)) === 0, `event ${event} to be there once`);
    seen |= 1 << event;
  }
  let recorded = 0;
  for (let event = 0; event < emitted; event++) recorded += (seen >>> event) & 1;
  lab.expectEqual(recorded + lost, emitted, 'recorded and lost events');
}
