import type { Machine, Process, SharedMemory } from '@rseqlab/sim-machine';
import { RingBuffers } from '../ring/ring-buffers.js';
import type { RingGeometry } from '../ring/ring-geometry.js';
import type { BufferScheme } from './session-memory.js';

/** Rings of a channel, as the session's process sees them. */
export interface ChannelBuffers {
  readonly buffers: RingBuffers;
  /** What stands in front of the names of its streams. */
  readonly prefix: string;
  /** Which of the channel's rings they are. */
  readonly instance: number;
  /** Where they lie, if that outlives their processes. */
  readonly memory: SharedMemory | undefined;
}

/** All rings of a channel: one set, or one for each process. */
export class ChannelRings {
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #geometry: RingGeometry;
  readonly #scheme: BufferScheme;
  readonly #sets: ChannelBuffers[] = [];

  constructor(machine: Machine, process: Process, geometry: RingGeometry, scheme: BufferScheme) {
    this.#machine = machine;
    this.#process = process;
    this.#geometry = geometry;
    this.#scheme = scheme;
    if (scheme === 'private') {
      const buffers = RingBuffers.create(machine, process, geometry);
      this.#sets.push({ buffers, prefix: '', instance: 0, memory: undefined });
    } else this.#addShared('');
  }

  /** Those of the session's process, or of all. */
  get own(): RingBuffers {
    return this.#sets[0]!.buffers;
  }

  /** All of them. */
  get sets(): readonly ChannelBuffers[] {
    return this.#sets;
  }

  /** The rings in which another process records, as it sees them. */
  attach(process: Process): RingBuffers {
    const set = this.#scheme === 'per-uid' ? this.#sets[0]! : this.#addShared(prefixOf(process));
    return RingBuffers.attach(this.#machine, process, set.memory!, this.#geometry);
  }

  #addShared(prefix: string): ChannelBuffers {
    const memory = this.#machine.createSharedMemory(
      RingBuffers.sizeBytes(this.#machine, this.#geometry),
    );
    const buffers = RingBuffers.attach(this.#machine, this.#process, memory, this.#geometry);
    const set = { buffers, prefix, instance: this.#sets.length, memory };
    this.#sets.push(set);
    return set;
  }
}

/** Fit for a file, as all names of streams. */
function prefixOf({ name, pid }: Process): string {
  return `${name.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}-${pid}_`;
}
