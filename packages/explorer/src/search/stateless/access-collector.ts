import { AccessKind } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';
import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { LocationIds } from './location-ids.js';

const ALL_BYTES = 15;

/** The bytes of each of the words that an access covers, as bits. */
export function bytesIn(word: number, physical: number, size: number): number {
  const first = Math.max(physical - word * 4, 0);
  const end = Math.min(physical + size - word * 4, 4);
  return ((1 << (end - first)) - 1) << first;
}

/** Enters the accesses of a run into a log, as they take effect. */
export class AccessCollector implements ShadowObserver {
  /** Whether accesses are those of an event that is being added to the log. */
  isOn = false;
  /** Whether what is stored comes before the first event: it may still be in buffers there. */
  isBooting = false;
  /** What words held at first, by location, as far as anybody had a reason to look. */
  readonly initial: (number | undefined)[] = [];
  readonly #machine: Machine;
  readonly #log: EventLog;
  readonly #locations: LocationIds;
  readonly #denseCpu: readonly number[];
  readonly #buffersStores: boolean;

  /** @param denseCpu - the numbers that the log gives to CPUs, by id */
  constructor(
    machine: Machine,
    log: EventLog,
    locations: LocationIds,
    denseCpu: readonly number[],
  ) {
    this.#machine = machine;
    this.#log = log;
    this.#locations = locations;
    this.#denseCpu = denseCpu;
    this.#buffersStores = machine.buffersStores;
  }

  reset(): void {
    this.isOn = false;
    this.isBooting = false;
  }

  onAccess(kind: AccessKind, physical: number, size: number, value: number, cpu: number): void {
    if (!this.isOn && !(this.isBooting && kind === AccessKind.Store)) return;
    if (size === 4 && (physical & 3) === 0) this.#word(kind, physical, ALL_BYTES, value, cpu);
    else
      for (let word = physical >> 2; word * 4 < physical + size; word++) {
        const held = this.#machine.wordAt(word * 4);
        this.#word(kind, word * 4, bytesIn(word, physical, size), held, cpu);
      }
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
  ): void {
    if (this.isOn) this.#log.flags[this.#log.length - 1]! &= ~EventFlag.Plain;
    this.onAccess(kind, physical, size, value, cpu);
  }

  storeVisible(physical: number, size: number, _low: number, cpu: number): void {
    if (!this.isOn && !this.isBooting) return;
    for (let word = physical >> 2; word * 4 < physical + size; word++)
      this.#log.drain(this.#denseCpu[cpu]!, this.#machine.wordAt(word * 4));
  }

  onFence(): void {
    // A fence waits for the buffer of its CPU, which the director sees to.
  }

  frameCopied(): void {
    // Places are named by their page, not by the frame that holds it.
  }

  frameFreed(): void {
    // As above.
  }

  /** Notes what a word holds at first, if nobody has written it yet. */
  lookAt(physical: number, location: number): void {
    if (this.#log.lastAccess(location) < 0) this.initial[location] = this.#machine.wordAt(physical);
  }

  #word(kind: AccessKind, physical: number, bytes: number, value: number, cpu: number): void {
    const log = this.#log;
    const location = this.#locations.idOf(this.#machine.locationKey(physical));
    const dense = this.#denseCpu[cpu]!;
    if (kind === AccessKind.Store) {
      if (this.#buffersStores) {
        if (this.isOn) this.lookAt(physical, location);
        log.buffer(dense, location, bytes);
      } else if (this.isOn)
        log.access(location, bytes, AccessMode.Write, this.#machine.wordAt(physical));
      return;
    }
    if (kind === AccessKind.Update) {
      if (log.lastAccess(location) < 0) this.initial[location] = value;
      const mode = AccessMode.Read | AccessMode.Write;
      log.access(location, bytes, mode, this.#machine.wordAt(physical));
      return;
    }
    const store = this.#buffersStores ? log.buffered(dense, location, bytes) : -1;
    if (store >= 0 && log.covers(store, bytes)) {
      log.forward(store, location, bytes);
      return;
    }
    this.lookAt(physical, location);
    log.access(location, bytes, AccessMode.Read, value);
  }
}
