import type { ColumnOwner, StateArena } from '../base/state-arena.js';
import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { ThreadState } from '../kernel/thread-state.js';
import { PAGE_OFFSET_MASK } from '../memory/page.js';
import { FRAME_ADDRESS_MASK, READABLE_ENTRY, WRITABLE_ENTRY } from '../memory/page-entry.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';
import { ReturnableProgram } from './returnable-program.js';
import type { ProgramSurroundings } from './returnable-program.js';

/** A thread's own words, copied. */
export interface ThreadImage {
  readonly registers: Int32Array;
  readonly history: readonly [number, number];
}

/** All columns, copied. */
export type KernelImage = readonly Int32Array[];

/** A state to return to, memory apart. */
export interface StateImage {
  /** All columns, of any state with the same queues. */
  readonly columns: KernelImage;
  /** What `StateView.commonWords` wrote. */
  readonly common: Int32Array;
  /** What {@link StateReturn.ownImage} copied, by thread and by CPU. */
  readonly ofThreads: readonly Int32Array[];
  readonly ofCpus: readonly Int32Array[];
  /** What {@link StateReturn.threadImage} copied, by thread. */
  readonly threads: readonly ThreadImage[];
  /** What `StateView.entryWords` wrote, by thread. */
  readonly entries: readonly Int32Array[];
}

/** A thread's program, and the generator that stands for it in the thread. */
interface Standing {
  readonly program: ReturnableProgram;
  isUsedUp: boolean;
}

/**
 * Takes a machine back to a state without making the path there again.
 *
 * Columns and memory can be set; a program, which is a generator, cannot. What it does follows from what
 * it received so far, though, and from what it is given: what it did before it is known to do again.
 */
export class StateReturn {
  readonly #arena: StateArena;
  readonly #hardware: Hardware;
  readonly #system: KernelParts;
  readonly #surroundings: ProgramSurroundings;
  readonly #standing: Standing[] = [];

  /** Made by the machine. @internal */
  constructor(arena: StateArena, hardware: Hardware, system: KernelParts) {
    const { threads } = hardware;
    this.#arena = arena;
    this.#hardware = hardware;
    this.#system = system;
    this.#surroundings = {
      registers: threads.registers,
      history: threads.history,
      budget: system.userMode.budget,
      known: new Map(),
    };
  }

  /**
   * Makes the threads that there are ones that can return: after a reset, once their programs are set
   * up. What programs did is kept from one such call to the next: they have to be the same.
   */
  begin(): void {
    const { highWater } = this.#hardware.threads;
    this.#standing.length = 0;
    for (let thread = 0; thread < highWater; thread++) {
      const genuine = this.#system.objects[thread]!.replaceProgram(undefined)!;
      const program = new ReturnableProgram(this.#surroundings, thread, genuine);
      this.#standing.push({ program, isUsedUp: true });
      this.#stand(thread);
    }
  }

  /** A copy of all columns. */
  kernelImage(): KernelImage {
    return this.#arena.copy();
  }

  /** A copy of what the kernel keeps of a thread or CPU. */
  ownImage(owner: ColumnOwner, index: number): Int32Array {
    return this.#arena.copyOwn(owner, index);
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

  /** Sets all columns, the words of the threads and their programs. */
  restore({ columns, common, ofThreads, ofCpus, threads, entries }: StateImage): void {
    const table = this.#hardware.threads;
    const { registers, history } = table;
    this.#arena.restore(columns);
    this.#arena.restoreCommon(common, history);
    for (let cpu = 0; cpu < ofCpus.length; cpu++) this.#arena.restoreOwn('cpu', cpu, ofCpus[cpu]!);
    let live = 0;
    for (let thread = 0; thread < threads.length; thread++) {
      const { registers: words, history: lanes } = threads[thread]!;
      const entry = entries[thread]!;
      const base = thread * REGISTER_STRIDE;
      this.#arena.restoreOwn('thread', thread, ofThreads[thread]!);
      registers.set(words, base);
      registers[base + RegisterFile.SyscallNumber] = entry[0]!;
      registers[base + RegisterFile.InSyscall] = entry[1]!;
      registers[base + RegisterFile.Exit] = entry[2]!;
      history[thread * 2] = lanes[0];
      history[thread * 2 + 1] = lanes[1];
      const state = table.state[thread]!;
      if (state === ThreadState.Free || state === ThreadState.Zombie)
        this.#system.objects[thread]!.end();
      else {
        live += 1;
        this.#stand(thread);
      }
    }
    this.#system.lifecycle.live = live;
    let free = 0;
    while (free < table.highWater && table.state[free] !== ThreadState.Free) free += 1;
    table.lowestFree = free;
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

  /** Sees to it that a thread that is alive has a program that can be resumed. */
  #stand(thread: number): void {
    const object = this.#system.objects[thread]!;
    const standing = this.#standing[thread]!;
    if (object.frameCount > 0 && !standing.isUsedUp) return;
    standing.isUsedUp = false;
    object.replaceProgram(standingProgram(standing));
  }
}

/** A program is resumed by its generator; another is needed when that has ended. */
function* standingProgram(standing: Standing): ReturnType<ReturnableProgram['run']> {
  try {
    yield* standing.program.run();
  } finally {
    standing.isUsedUp = true;
  }
}
