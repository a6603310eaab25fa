import { grown } from './grown.js';

const INITIAL_STORES = 1 << 8;
const NONE = -1;

/** Stores that went through the buffers of CPUs, by number; those of one CPU are linked. */
export class BufferedStores {
  /** The event that stored; -1 for what came before the first. */
  event: Int32Array = new Int32Array(INITIAL_STORES);
  location: Int32Array = new Int32Array(INITIAL_STORES);
  bytes: Int32Array = new Int32Array(INITIAL_STORES);
  /** The store of its CPU before it, or -1. */
  before: Int32Array = new Int32Array(INITIAL_STORES);
  /** The store of its CPU behind it, where there is one. */
  behind: Int32Array = new Int32Array(INITIAL_STORES);

  /** Makes a store known. @param before - the youngest store of its CPU so far, or -1 */
  add(store: number, event: number, location: number, bytes: number, before: number): void {
    if (store >= this.event.length) this.#grow();
    this.event[store] = event;
    this.location[store] = location;
    this.bytes[store] = bytes;
    this.before[store] = before;
    if (before !== NONE) this.behind[before] = store;
  }

  #grow(): void {
    this.event = grown(this.event);
    this.location = grown(this.location);
    this.bytes = grown(this.bytes);
    this.before = grown(this.before);
    this.behind = grown(this.behind);
  }
}
