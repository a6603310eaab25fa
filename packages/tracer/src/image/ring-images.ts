import type { Machine } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import { CopiedMemory } from '../consumer/ring-memory.js';
import type { RingMemory } from '../consumer/ring-memory.js';
import { areTracesDirected } from '../consumer/trace-output.js';
import { streamName } from '../consumer/trace-sink.js';
import type { ChannelBuffers } from '../session/channel-buffers.js';
import type { SessionParts } from '../session/session-parts.js';
import { scanRing } from '../ring/ring-scan.js';
import type { RingImage } from './ring-image.js';

const noted = new WeakMap<Machine, SessionParts[]>();

/** Remembers a session whose rings {@link ringImages} is to find, where somebody said where traces of the machine go. */
export function noteSession(parts: SessionParts): void {
  const { machine } = parts;
  if (!areTracesDirected(machine)) return;
  const sessions = noted.get(machine);
  if (sessions === undefined) noted.set(machine, [parts]);
  else sessions.push(parts);
}

/**
 * Images of all rings of a machine's sessions in which something lies that nobody has consumed: for who runs programs
 * of others, see `directTraces`. Rings that were private to a process which has ended are gone with it.
 *
 * @returns in the order of sessions, channels and CPUs; sessions of one name are numbered from the second on
 */
export function ringImages(machine: Machine): RingImage[] {
  const named = new Map<string, number>();
  return (noted.get(machine) ?? []).flatMap((parts) => {
    const count = (named.get(parts.name) ?? 0) + 1;
    named.set(parts.name, count);
    return imagesOf(parts, count === 1 ? parts.name : `${parts.name}-${count}`);
  });
}

/** Memory in which the rings of a channel lie, and where. */
interface RingsInMemory {
  readonly memory: RingMemory;
  readonly address: number;
}

function imagesOf(parts: SessionParts, session: string): RingImage[] {
  const { channels, clock } = parts;
  const images: RingImage[] = [];
  const metadata = metadataText(parts.trace());
  for (const channel of channels)
    for (const set of channel.rings.sets) {
      const { layout, cpus } = set.buffers;
      const { subbufBytes, subbufCount, mode, isShared } = layout.geometry;
      const found = memoryOf(parts.machine, set);
      if (found === undefined) continue;
      for (const cpu of cpus) {
        const ring = found.address + cpu * layout.strideBytes;
        if (!scanRing(found.memory, ring, layout).some(({ contentBytes }) => contentBytes > 0))
          continue;
        const words = new Int32Array(layout.strideBytes >> 2);
        found.memory.readWords(ring, words);
        images.push({
          session,
          stream: streamName(`${set.prefix}${channel.name}`, cpu),
          cpu,
          instance: set.instance,
          streamId: channel.id,
          header: channel.headerKind,
          frequencyMhz: clock.frequencyMhz,
          geometry: { subbufBytes, subbufCount, mode, isShared },
          metadata,
          words,
        });
      }
    }
  return images;
}

/** Rings that are shared outlive their processes. */
function memoryOf(
  machine: Machine,
  { buffers, memory }: ChannelBuffers,
): RingsInMemory | undefined {
  if (memory !== undefined)
    return { memory: new CopiedMemory(machine.readShared(memory)), address: 0 };
  const { process, address } = buffers;
  return process.exited ? undefined : { memory: process, address };
}
