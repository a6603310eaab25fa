import type { Process } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import type { RingMemory } from '../consumer/ring-memory.js';
import { copySubbuf } from '../consumer/subbuf-content.js';
import type { SubbufContent } from '../consumer/subbuf-content.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import { FRAME_BYTES, frameBytes } from '../ring/frame.js';
import type { RingLayout } from '../ring/ring-layout.js';
import { countRecords, scanRing } from '../ring/ring-scan.js';
import type { ScannedSubbuf } from '../ring/ring-scan.js';
import { TracerError } from '../tracer-error.js';
import type { SessionParts } from './session-parts.js';

/**
 * Writes what lies in the shared memory of a session's rings as a trace of its own: what no consumer has read.
 *
 * @throws TracerError `ERR_PROCESS` for buffers that are private, and gone with their process
 * @source lttng-crash(1)
 */
export function extractCrash(parts: SessionParts, sink: TraceSink): void {
  const { machine, clock, channels, name } = parts;
  if (parts.processes.scheme === 'private')
    throw new TracerError(
      'ERR_PROCESS',
      `expected a session with buffers per-uid or per-pid, which outlive their processes, got ${name}`,
    );
  // A process of its own maps the memory: those that did may be dead, and what they had mapped is gone.
  const reader = (parts.crashReader ??= machine.createProcess('crash'));
  const trace = parts.trace();
  sink.metadata(metadataText(trace));
  for (const channel of channels) {
    const maker = channel.packetMaker(trace);
    for (const { buffers, memory, prefix, instance } of channel.rings.sets) {
      const { layout, cpus } = buffers;
      const address = reader.mapShared(memory!);
      for (const cpu of cpus) {
        const ring = address + cpu * layout.strideBytes;
        for (const content of contentsOf(reader, cpu, ring, layout, clock))
          sink.packet(streamName(`${prefix}${channel.name}`, cpu), maker.make(content, instance));
      }
      reader.unmap(address, memory!.sizeBytes);
    }
  }
}

/** What is in a ring, oldest first; records that are not whole count as discarded. */
function* contentsOf(
  memory: Process,
  cpu: number,
  ring: number,
  layout: RingLayout,
  clock: TraceClock,
): Generator<SubbufContent> {
  const counts = new Float64Array(0);
  let unfinished = 0;
  for (const subbuf of scanRing(memory, ring, layout)) {
    unfinished += countRecords(memory, subbuf, counts);
    const sequence = BigInt(subbuf.start >>> layout.subbufShift);
    const place = { ...subbuf, cpu, ring, sequence };
    const content = subbuf.isClosed
      ? copySubbuf(memory, place, clock)
      : copySubbuf(memory, place, clock, lastClock(memory, subbuf));
    yield { ...content, discarded: content.discarded + BigInt(unfinished) };
  }
}

/** When the last record was reserved. */
function lastClock(memory: RingMemory, { data, contentBytes }: ScannedSubbuf): number {
  let at = 0;
  for (;;) {
    const bytes = Math.max(frameBytes(memory.read32(data + at)), FRAME_BYTES);
    if (at + bytes >= contentBytes) return memory.read32(data + at + 4);
    at += bytes;
  }
}
