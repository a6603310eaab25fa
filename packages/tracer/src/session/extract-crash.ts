import { metadataText } from '@rseqlab/trace-format';
import { CopiedMemory } from '../consumer/ring-memory.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import { ringContents } from '../image/ring-contents.js';
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
  const trace = parts.trace();
  sink.metadata(metadataText(trace));
  for (const channel of channels) {
    const maker = channel.packetMaker(trace);
    for (const { buffers, memory, prefix, instance } of channel.rings.sets) {
      const { layout, cpus } = buffers;
      const copy = new CopiedMemory(machine.readShared(memory!));
      for (const cpu of cpus) {
        const ring = cpu * layout.strideBytes;
        for (const content of ringContents({ memory: copy, cpu, ring, layout, clock }))
          sink.packet(streamName(`${prefix}${channel.name}`, cpu), maker.make(content, instance));
      }
    }
  }
}
