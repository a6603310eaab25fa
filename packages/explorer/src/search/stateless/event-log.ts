import { AccessMode } from './access-mode.js';
import { BufferedStores } from './buffered-stores.js';
import { grown } from './grown.js';
import type { SpinRead } from './spin-read.js';
import { UndoCells } from './undo-cells.js';

/** What is special about an event, as bits. */
export const EventFlag = {
  /** It waits until a word has a value: it can happen only then. */
  Await: 1,
  /** It happens only when its CPU's buffer is empty. */
  AfterDrains: 2,
  /** It conflicts with every other event: the kernel did something that reaches beyond its CPU. */
  Universal: 4,
  /** A thread's exit that came first, as nothing else was offered: one with the step before it. */
  ExitFirst: 8,
  /** A step in which its thread accessed memory, and nothing else happened. */
  Plain: 16,
  /** A system call of which it is known what it conflicts through. */
  Precise: 32,
} as const;

const NONE = -1;
const INITIAL_EVENTS = 1 << 8;

/**
 * The events of one execution and what they accessed; the last ones can be taken back.
 *
 * Processes are numbered: 0 to `cpus` - 1 are the CPUs, whose events are the steps of their threads
 * and what the kernel does to them; `cpus` + c drains the buffer of CPU c; the last one stands for
 * timers and pages that arrive. Invariant: accesses of the same location are linked from the last
 * one back to the first, in the order in which they took effect.
 */
export class EventLog {
  /** CPUs. */
  readonly cpus: number;
  /** Processes. */
  readonly processes: number;
  /** Events, and accesses of all events. */
  length = 0;
  accesses = 0;
  /** By event: its process, decision, number in its process from 1 on, and flags. */
  process: Int32Array = new Int32Array(INITIAL_EVENTS);
  decision: Uint32Array = new Uint32Array(INITIAL_EVENTS);
  index: Int32Array = new Int32Array(INITIAL_EVENTS);
  flags: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By event: which of all events ever begun it is. */
  serial: Float64Array = new Float64Array(INITIAL_EVENTS);
  /** By event: the event of its process before it, or -1. */
  before: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By event: other CPUs that it did something to, as bits of their number modulo 31. */
  touches: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By event: kernel events up to and including it. */
  kernelEvents: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By plain step: instructions that were executed in it. */
  instructions: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By event: its first access. */
  firstAccess: Int32Array = new Int32Array(INITIAL_EVENTS + 1);
  /** By event: what `answered` made of answers that the director gave in the middle of it. */
  readonly answers: (number[] | undefined)[] = [];
  /** By event: what its thread spins on there, unless that has changed. */
  readonly rounds: (readonly SpinRead[] | undefined)[] = [];
  /** By access: its location, which bytes of the word, how, by which event, what the word held after. */
  location: Int32Array = new Int32Array(INITIAL_EVENTS);
  bytes: Int32Array = new Int32Array(INITIAL_EVENTS);
  mode: Int32Array = new Int32Array(INITIAL_EVENTS);
  event: Int32Array = new Int32Array(INITIAL_EVENTS);
  value: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By access: the access of the location before it, or -1; of a forwarded read that of its store. */
  previous: Int32Array = new Int32Array(INITIAL_EVENTS);
  /** By drained access: the event that had stored; -1 where that was before the first. */
  storedBy: Int32Array = new Int32Array(INITIAL_EVENTS);
  #begun = 0;
  readonly #cells = new UndoCells(NONE);
  #marks = new Int32Array(INITIAL_EVENTS);
  readonly #buffered = new BufferedStores();
  /** Cells: last event by process; last drain, last foreign event, youngest and oldest store by CPU. */
  readonly #lastDrain: number;
  readonly #lastTouch: number;
  readonly #youngest: number;
  readonly #oldest: number;
  readonly #lastUniversal: number;
  readonly #stores: number;
  readonly #heads: number;

  constructor(cpus: number) {
    this.cpus = cpus;
    this.processes = 2 * cpus + 1;
    this.#lastDrain = this.processes;
    this.#lastTouch = this.#lastDrain + cpus;
    this.#youngest = this.#lastTouch + 31;
    this.#oldest = this.#youngest + cpus;
    this.#lastUniversal = this.#oldest + cpus;
    this.#stores = this.#lastUniversal + 1;
    this.#heads = this.#stores + 1;
  }

  /** The CPU that a process belongs to; -1 for the last process. */
  cpuOf(process: number): number {
    return process < this.cpus ? process : process < 2 * this.cpus ? process - this.cpus : NONE;
  }

  /** The last event of a process, or -1. */
  lastOf(process: number): number {
    return this.#cells.get(process);
  }

  /** The last event that drained a store of a CPU, or -1. */
  lastDrain(cpu: number): number {
    return this.#cells.get(this.#lastDrain + cpu);
  }

  /** The last event that did something to a CPU from outside, or -1. */
  lastTouch(cpu: number): number {
    return this.#cells.get(this.#lastTouch + (cpu % 31));
  }

  /** The last event that conflicts with all others, or -1. */
  get lastUniversal(): number {
    return this.#cells.get(this.#lastUniversal);
  }

  /** The last access of a location that took effect in memory, or -1. */
  lastAccess(location: number): number {
    return this.#cells.get(this.#heads + 2 * location);
  }

  /** Starts the next event and returns its number. */
  begin(process: number, decision: number, isKernelEvent: boolean): number {
    const at = this.length;
    if (at + 1 >= this.process.length) this.#growEvents();
    const before = this.lastOf(process);
    this.#marks[at] = this.#cells.mark;
    this.process[at] = process;
    this.decision[at] = decision;
    this.before[at] = before;
    this.serial[at] = ++this.#begun;
    this.index[at] = before < 0 ? 1 : this.index[before]! + 1;
    this.flags[at] = 0;
    this.touches[at] = 0;
    this.kernelEvents[at] = this.eventsBefore(at) + (isKernelEvent ? 1 : 0);
    this.answers[at] = undefined;
    this.rounds[at] = undefined;
    this.firstAccess[at] = this.accesses;
    this.firstAccess[at + 1] = this.accesses;
    this.#cells.set(process, at);
    this.length = at + 1;
    return at;
  }

  /** Kernel events before an event. */
  eventsBefore(event: number): number {
    return event === 0 ? 0 : this.kernelEvents[event - 1]!;
  }

  /** Notes what the last event does beyond its CPU; see {@link EventLog.touches}. */
  settleFootprint(): void {
    const at = this.length - 1;
    if ((this.flags[at]! & EventFlag.Universal) !== 0) this.#cells.set(this.#lastUniversal, at);
    const touches = this.touches[at]!;
    for (let bit = 0; touches >>> bit !== 0; bit++)
      if (((touches >>> bit) & 1) === 1) this.#cells.set(this.#lastTouch + bit, at);
  }

  /** Takes back all events from one on. */
  truncate(length: number): void {
    if (length >= this.length) return;
    this.#cells.undo(this.#marks[length]!);
    this.accesses = this.firstAccess[length]!;
    this.length = length;
  }

  /** The last event accessed a word in memory. */
  access(location: number, bytes: number, mode: number, value: number): void {
    const head = this.#heads + 2 * location;
    const at = this.#enter(location, bytes, mode, value, this.length - 1);
    this.previous[at] = this.#cells.get(head);
    this.#cells.set(head, at);
  }

  /** Takes back everything, also what was buffered before the first event. */
  clear(): void {
    this.truncate(0);
    this.#cells.undo(0);
  }

  /** The last event, or what came before the first, stored into the buffer of a CPU. */
  buffer(cpu: number, location: number, bytes: number): void {
    const store = this.#cells.get(this.#stores) + 1;
    const youngest = this.#cells.get(this.#youngest + cpu);
    this.#buffered.add(store, this.length - 1, location, bytes, youngest);
    if (this.#cells.get(this.#oldest + cpu) < 0) this.#cells.set(this.#oldest + cpu, store);
    this.#cells.set(this.#youngest + cpu, store);
    this.#cells.set(this.#forwards(store), NONE);
    this.#cells.set(this.#stores, store);
  }

  /** The youngest buffered store of a CPU that touches any of the bytes, or -1. */
  buffered(cpu: number, location: number, bytes: number): number {
    const oldest = this.#cells.get(this.#oldest + cpu);
    if (oldest < 0) return NONE;
    let store = this.#cells.get(this.#youngest + cpu);
    for (; store >= oldest; store = this.#buffered.before[store]!)
      if (
        this.#buffered.location[store] === location &&
        (this.#buffered.bytes[store]! & bytes) !== 0
      )
        return store;
    return NONE;
  }

  /** Whether a buffered store covers all of the bytes. */
  covers(store: number, bytes: number): boolean {
    return (bytes & ~this.#buffered.bytes[store]!) === 0;
  }

  /** The last event read what a store in its CPU's buffer will write. @param mode - what is special about it */
  forward(store: number, location: number, bytes: number, mode = 0): void {
    const forwarded = mode | AccessMode.Read | AccessMode.Forwarded;
    const at = this.#enter(location, bytes, forwarded, 0, this.length - 1);
    this.previous[at] = this.#cells.get(this.#forwards(store));
    this.#cells.set(this.#forwards(store), at);
  }

  /** In the last event, or before the first, the oldest store of a CPU's buffer reached memory. */
  drain(cpu: number, value: number): void {
    const store = this.#cells.get(this.#oldest + cpu);
    if (store < 0) return;
    const isLast = store === this.#cells.get(this.#youngest + cpu);
    this.#cells.set(this.#oldest + cpu, isLast ? NONE : this.#buffered.behind[store]!);
    if (this.length === 0) return;
    const location = this.#buffered.location[store]!;
    this.access(
      location,
      this.#buffered.bytes[store]!,
      AccessMode.Write | AccessMode.Drained,
      value,
    );
    this.storedBy[this.accesses - 1] = this.#buffered.event[store]!;
    this.#cells.set(this.#lastDrain + cpu, this.length - 1);
    // Whoever read the store before it was here reads it still, until another write comes.
    let read = this.#cells.get(this.#forwards(store));
    for (; read >= 0; read = this.previous[read]!) {
      const head = this.#heads + 2 * location;
      const mode = this.mode[read]! & ~AccessMode.Forwarded;
      const at = this.#enter(location, this.bytes[read]!, mode, 0, this.event[read]!);
      this.previous[at] = this.#cells.get(head);
      this.#cells.set(head, at);
    }
  }

  #forwards(store: number): number {
    return this.#heads + 2 * store + 1;
  }

  #enter(location: number, bytes: number, mode: number, value: number, event: number): number {
    const at = this.accesses;
    if (at >= this.location.length) this.#growAccesses();
    this.location[at] = location;
    this.bytes[at] = bytes;
    this.mode[at] = mode;
    this.event[at] = event;
    this.value[at] = value;
    this.accesses = at + 1;
    this.firstAccess[this.length] = this.accesses;
    return at;
  }

  #growEvents(): void {
    this.process = grown(this.process);
    this.decision = grown(this.decision);
    this.serial = grown(this.serial);
    this.index = grown(this.index);
    this.flags = grown(this.flags);
    this.before = grown(this.before);
    this.touches = grown(this.touches);
    this.kernelEvents = grown(this.kernelEvents);
    this.instructions = grown(this.instructions);
    this.firstAccess = grown(this.firstAccess);
    this.#marks = grown(this.#marks);
  }

  #growAccesses(): void {
    this.location = grown(this.location);
    this.bytes = grown(this.bytes);
    this.mode = grown(this.mode);
    this.event = grown(this.event);
    this.value = grown(this.value);
    this.previous = grown(this.previous);
    this.storedBy = grown(this.storedBy);
  }
}
