import type { StateArena } from '../base/state-arena.js';
import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { ThreadState } from '../kernel/thread-state.js';
import { PAGE_OFFSET_MASK } from '../memory/page.js';
import { FRAME_ADDRESS_MASK, READABLE_ENTRY, WRITABLE_ENTRY } from '../memory/page-entry.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';
import { staleProgram } from './stale-program.js';

/** A thread's own words, copied. */
export interface ThreadImage {
  readonly registers: Int32Array;
  readonly history: readonly [number, number];
}

/** All columns, copied. */
export type KernelImage = readonly Int32Array[];

/** How far a program has come: operations that it started, and what it received. */
interface ProgramPlace {
  readonly operations: number;
  readonly history: readonly [number, number];
}

/**
 * Takes a machine back to a state without making the path there again.
 *
 * Columns and memory can be set; a program, which is a generator, cannot. Where a thread's program is
 * elsewhere, another stands in for it that throws {@link StaleProgram} when it is resumed: then the
 * path has to be made after all. Nor can threads that have exited be brought back.
 */
export class StateReturn {
  readonly #arena: StateArena;
  readonly #hardware: Hardware;
  readonly #system: KernelParts;
  /** By thread: where its program is, for which another stands in. */
  readonly #elsewhere = new Map<number, ProgramPlace>();

  /** Made by the machine. @internal */
  constructor(arena: StateArena, hardware: Hardware, system: KernelParts) {
    this.#arena = arena;
    this.#hardware = hardware;
    this.#system = system;
  }

  /** Bit n: thread n has exited. States can be returned to only from states with the same threads. */
  get exited(): number {
    const { state, highWater } = this.#hardware.threads;
    let exited = 0;
    for (let thread = 0; thread < highWater; thread++)
      if (state[thread] === ThreadState.Free || state[thread] === ThreadState.Zombie)
        exited |= 1 << thread;
    return exited;
  }

  /** A copy of all columns. */
  kernelImage(): KernelImage {
    return this.#arena.copy();
  }

  /** A copy of a thread's own words. */
  threadImage(thread: number): ThreadImage {
    const { registers, history } = this.#hardware.threads;
    const base = thread * REGISTER_STRIDE;
    return {
      registers: registers.slice(base, base + REGISTER_STRIDE),
      history: [history[thread * 2]!, history[thread * 2 + 1]!],
    };
  }

  /** Forgets which programs are elsewhere: the machine was reset. */
  forget(): void {
    this.#elsewhere.clear();
  }

  /** Sets all columns, and the words of the threads. */
  restore(kernel: KernelImage, threads: readonly ThreadImage[]): void {
    const places = threads.map((_, thread) => this.#placeOf(thread));
    this.#arena.restore(kernel);
    const { registers, history } = this.#hardware.threads;
    for (const [thread, image] of threads.entries()) {
      registers.set(image.registers, thread * REGISTER_STRIDE);
      history.set(image.history, thread * 2);
      this.#place(thread, places[thread]!, image);
    }
  }

  /** Sets an aligned word of the first process; false where no page of its own is. */
  setWord(address: number, value: number): boolean {
    const { words } = this.#hardware.memory.physical;
    const { space } = this.#system.processes.at(0);
    const entry = space.pages.entry(address);
    const at = ((entry & FRAME_ADDRESS_MASK) | (address & PAGE_OFFSET_MASK)) >> 2;
    if ((entry & READABLE_ENTRY) !== READABLE_ENTRY) return value === 0;
    if (words[at] === value) return true;
    if ((entry & WRITABLE_ENTRY) !== WRITABLE_ENTRY) return false;
    words[at] = value;
    return true;
  }

  /** Where a thread's program is. */
  #placeOf(thread: number): ProgramPlace {
    const elsewhere = this.#elsewhere.get(thread);
    if (elsewhere !== undefined) return elsewhere;
    const { registers, history } = this.#hardware.threads;
    return {
      operations: registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!,
      history: [history[thread * 2]!, history[thread * 2 + 1]!],
    };
  }

  /** Puts a thread's program back, or another in its place, whichever its words ask for. */
  #place(thread: number, place: ProgramPlace, image: ThreadImage): void {
    const isThere =
      place.operations === image.registers[RegisterFile.Operations] &&
      place.history[0] === image.history[0] &&
      place.history[1] === image.history[1];
    const object = this.#system.objects[thread]!;
    const elsewhere = this.#elsewhere.get(thread);
    if (isThere && elsewhere !== undefined) {
      object.popFrame();
      this.#elsewhere.delete(thread);
    } else if (!isThere && elsewhere === undefined) {
      object.pushFrame(staleProgram());
      this.#elsewhere.set(thread, place);
    }
  }
}
