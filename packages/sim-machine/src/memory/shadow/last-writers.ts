import { AccessKind, writes } from '../access-kind.js';
import { PAGE_WORDS } from '../page.js';
import type { ThreadPlace } from './access-place.js';
import { DenseIndex } from './dense-index.js';
import { grownFor } from './grown-array.js';
import type { ShadowAccess } from './shadow-access.js';

const PLACE_WORDS = 4;
const PENDING_WORDS = 4;

/**
 * Remembers of every word of memory who wrote it last, and where.
 *
 * With a model that buffers stores, a store counts when it becomes visible.
 */
export class LastWriters {
  readonly #words = new DenseIndex();
  /** Four words each: thread plus 1 (0 for nobody), CPU, ip, step. */
  #places = new Int32Array(PLACE_WORDS * 256);
  readonly #buffered: boolean;
  /** Per CPU: addresses and places of the stores that are not visible yet, oldest first. */
  readonly #pending = new Map<number, number[]>();

  /**
   * Made by {@link ShadowState}.
   *
   * @param buffered whether the memory model buffers stores
   * @internal
   */
  constructor(buffered: boolean) {
    this.#buffered = buffered;
  }

  /** Who wrote last to the word at a physical address; undefined when nobody did. */
  lastWriter(physical: number): ThreadPlace | undefined {
    const index = this.#words.get(physical >> 2);
    const place = index * PLACE_WORDS;
    if (index < 0 || this.#places[place] === 0) return undefined;
    return {
      thread: this.#places[place]! - 1,
      cpu: this.#places[place + 1]!,
      ip: this.#places[place + 2]! >>> 0,
      step: this.#places[place + 3]! >>> 0,
    };
  }

  /** Looks at an access. @internal */
  access(access: ShadowAccess): void {
    if (!writes(access.kind)) return;
    if (this.#buffered && access.kind === AccessKind.Store) {
      let pending = this.#pending.get(access.cpu);
      if (pending === undefined) this.#pending.set(access.cpu, (pending = []));
      pending.push(access.physical, access.thread, access.ip, access.step);
      return;
    }
    const { physical, size, thread, cpu, ip, step } = access;
    this.#write(physical, size, thread, cpu, ip, step);
  }

  /** A buffered store of a CPU became visible: the oldest to its address. */
  storeVisible(physical: number, size: number, cpu: number): void {
    const pending = this.#pending.get(cpu);
    if (pending === undefined) return;
    for (let at = 0; at < pending.length; at += PENDING_WORDS)
      if (pending[at] === physical) {
        const [, thread, ip, step] = pending.splice(at, PENDING_WORDS) as [
          number,
          number,
          number,
          number,
        ];
        this.#write(physical, size, thread, cpu, ip, step);
        return;
      }
  }

  /** The words of one frame now also stand in another. */
  frameCopied(from: number, to: number): void {
    for (let word = 0; word < PAGE_WORDS; word++) {
      const source = this.#words.get(from * PAGE_WORDS + word);
      if (source < 0) continue;
      const target = this.#place(to * PAGE_WORDS + word);
      const first = source * PLACE_WORDS;
      this.#places.copyWithin(target, first, first + PLACE_WORDS);
    }
  }

  /** The words of a frame are gone. */
  frameFreed(frame: number): void {
    for (let word = 0; word < PAGE_WORDS; word++) {
      const index = this.#words.get(frame * PAGE_WORDS + word);
      if (index >= 0) this.#places[index * PLACE_WORDS] = 0;
    }
  }

  /** Forgets everything. */
  reset(): void {
    this.#words.reset();
    this.#pending.clear();
  }

  #write(
    physical: number,
    size: number,
    thread: number,
    cpu: number,
    ip: number,
    step: number,
  ): void {
    for (let word = physical >> 2; word << 2 < physical + size; word++) {
      const place = this.#place(word);
      const places = this.#places;
      places[place] = thread + 1;
      places[place + 1] = cpu;
      places[place + 2] = ip;
      places[place + 3] = step;
    }
  }

  /** Offset of a word's place. */
  #place(word: number): number {
    const place = this.#words.add(word) * PLACE_WORDS;
    this.#places = grownFor(this.#places, place + PLACE_WORDS - 1);
    return place;
  }
}
