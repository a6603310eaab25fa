import type { AllocationShadow, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { ExplorerError } from '../explorer-error.js';

/** Bytes that a heap has in all, headers included. */
const ARENA_BYTES = 4096;

/** Words of the control block, by byte. */
const Control = { Calls: 0, Used: 4, Free: 8, Bytes: 64 } as const;

/** Words of the header in front of every block, by byte. */
const Header = { Size: 0, State: 4, Next: 8, Bytes: 16 } as const;

const State = { HandedOut: 1, BeingFreed: 2, Free: 3 } as const;

/** What overwrites freed memory. */
const POISON = 0x5a5a5a5a;

/** Who hands a block out before any thread runs. */
const SETUP = -1;

/** A block that is handed out. */
export interface HeapBlock {
  /** Address of its first byte. */
  readonly address: number;
  /** Its size as it was asked for. */
  readonly bytes: number;
}

/**
 * `malloc` and `free` for scenarios, whose misuse is found: an access to freed memory or past the end
 * of a block, a block that is freed twice, one that is never freed.
 *
 * | word of the control block | holds                                   |
 * |---------------------------|-----------------------------------------|
 * | 0                         | how many calls there were               |
 * | 4                         | bytes of the arena that were ever used  |
 * | 8                         | the block that was freed last           |
 *
 * A call begins with an atomic operation on the first word, which orders all calls of a heap as an
 * allocator's lock does. A free then overwrites the block, before somebody else can have it: its
 * stores conflict with every access that is not ordered with it. What is freed last is handed out
 * first, to the next who asks for that size: as with most allocators, so that ABA problems show.
 *
 * Invariant: all that the heap knows lies in simulated memory.
 */
export class Heap {
  readonly #process: Process;
  readonly #shadow: AllocationShadow;
  readonly #control: number;
  readonly #arena: number;

  /** Made by the lab. @internal */
  constructor(process: Process, shadow: AllocationShadow) {
    this.#process = process;
    this.#shadow = shadow;
    this.#control = process.allocate(Control.Bytes);
    this.#arena = process.allocate(ARENA_BYTES);
    shadow.declareArena(SETUP, this.#arena, ARENA_BYTES);
  }

  /**
   * Hands out memory, with whatever is in it.
   *
   * @param bytes a positive integer
   * @returns its address, a multiple of 16; 0 when there is no more
   * @throws ExplorerError `ERR_SCENARIO` for another size
   */
  *malloc(t: Thread, bytes: number): Operation<number> {
    yield* t.fetchAdd(this.#control + Control.Calls, 1);
    const block = this.#take(bytes);
    if (block !== 0) this.#shadow.allocate(t.id, block, bytes);
    // The address is a value that the program receives, like that of any operation.
    t.receive(block);
    return block;
  }

  /** Takes memory back; 0 is no memory, and nothing happens. */
  *free(t: Thread, block: number): Operation<void> {
    if (block === 0) return;
    yield* t.fetchAdd(this.#control + Control.Calls, 1);
    const isOurs = this.#shadow.free(t.id, block, true);
    t.receive(isOurs ? 1 : 0);
    if (!isOurs) return;
    const header = block - Header.Bytes;
    this.#write(header + Header.State, State.BeingFreed);
    const size = this.#read(header + Header.Size);
    for (let offset = 0; offset < size; offset += 4) yield* t.store(block + offset, POISON);
    yield* t.fetchAdd(this.#control + Control.Calls, 1);
    this.#shadow.scrubbed(t.id, block);
    this.#write(header + Header.State, State.Free);
    this.#write(header + Header.Next, this.#read(this.#control + Control.Free));
    this.#write(this.#control + Control.Free, block);
  }

  /**
   * {@link malloc} for a scenario's setup: at once, and nobody's doing.
   *
   * @throws ExplorerError `ERR_SCENARIO` for a size that is no positive integer, or does not fit
   */
  allocate(bytes: number): number {
    const block = this.#take(bytes);
    if (block === 0)
      throw new ExplorerError(
        'ERR_SCENARIO',
        `expected blocks of at most ${ARENA_BYTES} bytes of heap in all, got one of ${bytes} too many`,
      );
    this.#shadow.allocate(SETUP, block, bytes);
    return block;
  }

  /** The blocks that are handed out, by address. */
  get blocks(): readonly HeapBlock[] {
    const found: HeapBlock[] = [];
    const end = this.#arena + this.#read(this.#control + Control.Used);
    for (let header = this.#arena; header < end;) {
      const bytes = this.#read(header + Header.Size);
      if (this.#read(header + Header.State) === State.HandedOut)
        found.push({ address: header + Header.Bytes, bytes });
      header += spaceOf(bytes);
    }
    return found;
  }

  #take(bytes: number): number {
    if (!Number.isInteger(bytes) || bytes < 1)
      throw new ExplorerError(
        'ERR_SCENARIO',
        `expected a positive number of bytes of heap, got ${String(bytes)}`,
      );
    const reused = this.#unlink(bytes);
    const block = reused === 0 ? this.#extend(bytes) : reused;
    if (block !== 0) this.#write(block - Header.Bytes + Header.State, State.HandedOut);
    return block;
  }

  /** Takes the block of a size that was freed last off the list; 0 for none. */
  #unlink(bytes: number): number {
    let link = this.#control + Control.Free;
    for (let block = this.#read(link); block !== 0; block = this.#read(link)) {
      const header = block - Header.Bytes;
      if (this.#read(header + Header.Size) === bytes) {
        this.#write(link, this.#read(header + Header.Next));
        return block;
      }
      link = header + Header.Next;
    }
    return 0;
  }

  #extend(bytes: number): number {
    const used = this.#read(this.#control + Control.Used);
    const space = spaceOf(bytes);
    if (used + space > ARENA_BYTES) return 0;
    this.#write(this.#control + Control.Used, used + space);
    this.#write(this.#arena + used + Header.Size, bytes);
    return this.#arena + used + Header.Bytes;
  }

  #read(address: number): number {
    return this.#process.read32(address);
  }

  #write(address: number, value: number): void {
    this.#process.write32(address, value);
  }
}

/** Bytes of the arena that a block takes, with its header. */
function spaceOf(bytes: number): number {
  return Header.Bytes + Math.ceil(bytes / 16) * 16;
}
