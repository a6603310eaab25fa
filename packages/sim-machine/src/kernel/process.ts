import type { ProcessId } from '../base/brand.js';
import { MachineError } from '../base/machine-error.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { HostAccess } from '../memory/host-access.js';
import { mapPrivate } from '../memory/map-private.js';
import { PAGE_BYTES } from '../memory/page.js';
import { PageEntry } from '../memory/page-entry.js';
import { MapFlag, Protection } from '../memory/mapping-flags.js';
import type { OwningProcess } from './owning-process.js';
import { checkDataSize } from './process/check-data-size.js';
import { ProcessLife } from './process/process-columns.js';
import type { ProcessColumns } from './process/process-columns.js';
import {
  DATA_BASE,
  DATA_BYTES,
  STACK_BASE,
  STACK_BYTES,
  TLS_BASE,
} from './process/process-layout.js';
import { ProgramTable } from './process/program-table.js';
import { TLS_BYTES, ThreadData } from './process/thread-data.js';
import type { SharedMemory, SharedMemoryTable } from './shared-memory.js';
import type { SpawnOptions } from './spawn-options.js';
import type { StartedBody, Thread, ThreadBody } from './thread.js';

/** What a process needs of the kernel. */
export interface ProcessPort {
  /** Starts a thread in the process. */
  spawn(
    process: Process,
    body: StartedBody,
    options: SpawnOptions,
    args: readonly unknown[],
  ): Thread;
  /** Sends a signal to the process, from outside. */
  kill(process: number, signal: number): void;
  /** Memory as a debugger sees it. */
  readonly host: HostAccess;
  /** The machine's shared memory. */
  readonly sharedMemory: SharedMemoryTable;
}

/**
 * A process: an address space, and what its threads share.
 *
 * The host-side methods (`allocate`, `read32`, `write32`) are for setting a run up and looking at its
 * end; they take no simulated time and make no event. A running program uses its thread's methods.
 */
export class Process implements OwningProcess {
  /** Slot in the machine's process table. */
  readonly id: ProcessId;
  /** Name for reports. */
  name = '';
  /**
   * The code that its threads name to the kernel: signal handlers, programs of new threads.
   *
   * @internal
   */
  readonly programs: ProgramTable = new ProgramTable();
  /** The `__thread` variables of the program and its libraries. */
  readonly threadData: ThreadData = new ThreadData();
  readonly #port: ProcessPort;
  readonly #columns: ProcessColumns;
  #space: AddressSpace | undefined;
  #dataEnd = 0;

  /** Made by the machine. @internal */
  constructor(id: ProcessId, port: ProcessPort, columns: ProcessColumns) {
    this.id = id;
    this.#port = port;
    this.#columns = columns;
  }

  /** Process id as user space sees it. */
  get pid(): number {
    return this.#columns.pid[this.id]!;
  }

  /** Slot of the parent, or -1. */
  get parent(): number {
    return this.#columns.parent[this.id]!;
  }

  /** Threads that have not exited. */
  get threadCount(): number {
    return this.#columns.threadCount[this.id]!;
  }

  /** The kernel counts. */
  set threadCount(count: number) {
    this.#columns.threadCount[this.id] = count;
  }

  /** Exit status once the last thread is gone, as wait4 reports it. */
  get exitStatus(): number {
    return this.#columns.exitStatus[this.id]!;
  }

  /** The kernel sets it. */
  set exitStatus(status: number) {
    this.#columns.exitStatus[this.id] = status;
  }

  /** Whether the last thread is gone. */
  get exited(): boolean {
    return this.#columns.life[this.id] !== ProcessLife.Alive;
  }

  /** The address space. @internal */
  get space(): AddressSpace {
    if (this.#space === undefined)
      throw new MachineError(
        'ERR_STATE',
        `expected a process with an address space, got process ${this.id}, which has ended`,
      );
    return this.#space;
  }

  /** Gives the slot to a new process; the kernel calls it at creation and fork. @internal */
  begin(name: string, space: AddressSpace): void {
    this.name = name;
    this.programs.clear();
    this.#space = space;
    this.#dataEnd = 0;
    this.threadData.clear();
  }

  /** Replaces program and address space; the kernel calls it at exec. @internal */
  exec(space: AddressSpace): void {
    this.programs.clear();
    this.#space = space;
    this.#dataEnd = 0;
    this.threadData.clear();
  }

  /** Makes the areas that a loader and a C library make: thread blocks, stacks. @internal */
  mapRuntime(threads: number): void {
    const { space } = this;
    // The lower one first: nothing has to make room.
    mapPrivate(space, STACK_BASE, threads * STACK_BYTES);
    mapPrivate(space, TLS_BASE, threads * TLS_BYTES);
  }

  /** Takes over what the code of its parent relies on, as a forked child does. @internal */
  inherit(parent: Process): void {
    this.#dataEnd = parent.#dataEnd;
    this.threadData.copyFrom(parent.threadData);
    this.programs.copyFrom(parent.programs);
  }

  /** Forgets the address space; the kernel calls it when the last thread has exited. @internal */
  end(): void {
    this.#space = undefined;
  }

  /**
   * Starts a thread that runs `body`.
   *
   * @param args - what the body gets behind the thread, as the start routine of pthread_create gets its argument
   */
  spawn<Args extends readonly unknown[]>(
    body: ThreadBody<Args>,
    options: SpawnOptions = {},
    ...args: Args
  ): Thread {
    return this.#port.spawn(this, body as StartedBody, options, args);
  }

  /**
   * Sends a signal, as somebody outside of the machine would; 9 kills every thread where it stands.
   *
   * @param signal 1 to 64
   * @throws MachineError `ERR_STATE` when the process has exited; `ERR_CONFIG` for no signal
   */
  kill(signal: number): void {
    this.#port.kill(this.id, signal);
  }

  /**
   * Reserves zeroed static data.
   *
   * @param bytes size, a positive integer
   * @param align alignment in bytes, a power of two up to a page; default a cache line
   * @returns the address
   * @throws MachineError `ERR_CONFIG` for another size or alignment; `ERR_CAPACITY` when 128 MiB are
   *   used up
   */
  allocate(bytes: number, align = 64): number {
    checkDataSize(bytes, align);
    if (this.#dataEnd === 0) {
      mapPrivate(this.space, DATA_BASE, DATA_BYTES);
      this.#dataEnd = DATA_BASE;
    }
    const address = Math.ceil(this.#dataEnd / align) * align;
    if (address + bytes > DATA_BASE + DATA_BYTES)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected at most ${DATA_BASE + DATA_BYTES - address} more bytes of static data, got ${bytes}`,
      );
    this.#touch(this.#dataEnd, address + bytes);
    this.#dataEnd = address + bytes;
    return address;
  }

  /** Makes the pages of static data present, as data that a loader has filled in. */
  #touch(from: number, to: number): void {
    for (let page = Math.ceil(from / PAGE_BYTES) * PAGE_BYTES; page < to; page += PAGE_BYTES)
      this.write32(page, 0);
  }

  /**
   * Maps shared memory for reading and writing; any process may, and sees the same words.
   *
   * @returns the address, which may differ between processes
   * @throws MachineError `ERR_ADDRESS` when it is of another machine or run, or there is no room
   */
  mapShared(memory: SharedMemory): number {
    const object = this.#port.sharedMemory.at(memory.descriptor);
    const address =
      object === undefined
        ? -1
        : this.space.mmap(
            0,
            memory.sizeBytes,
            Protection.Read | Protection.Write,
            MapFlag.Shared,
            object,
          );
    if (address < 0)
      throw new MachineError(
        'ERR_ADDRESS',
        `expected shared memory of this run that fits, got descriptor ${memory.descriptor} of ${memory.sizeBytes} bytes`,
      );
    return address;
  }

  /**
   * Maps memory for reading and writing from outside, as `mmap` does for a thread.
   *
   * @param length bytes, rounded up to whole pages
   * @param flags sum of `MapFlag`; default private and anonymous
   * @param memory what to map in place of anonymous memory; it has to be of this run
   * @param address where, with a fixed flag; default the kernel's choice
   * @param offset byte of `memory` at the first address, a multiple of the page size
   * @returns the address, or a negative errno
   */
  map(
    length: number,
    flags: number = MapFlag.Private | MapFlag.Anonymous,
    memory?: SharedMemory,
    address = 0,
    offset = 0,
  ): number {
    const object = memory && this.#port.sharedMemory.at(memory.descriptor);
    const protection = Protection.Read | Protection.Write;
    return this.space.mmap(address, length, protection, flags, object, offset);
  }

  /** Unmaps memory from outside; 0 or a negative errno. */
  unmap(address: number, length: number): number {
    return this.space.munmap(address, length);
  }

  /**
   * Whether the page of an address has a frame of its own: it was written, and its frame is neither
   * that of a memory object nor shared until written. What was only read has none.
   */
  hasOwnPage(address: number): boolean {
    const mask = PageEntry.Present | PageEntry.CopyOnWrite | PageEntry.Backed;
    return (this.space.pages.entry(address) & mask) === PageEntry.Present;
  }

  /** Reads a 32-bit word from outside, as a debugger would. */
  read32(address: number): number {
    return this.#port.host.read32(this.space, address);
  }

  /** Reads 32-bit words one behind the other from outside, from an address that is a multiple of 4. */
  readWords(address: number, into: Int32Array): void {
    this.#port.host.readWords(this.space, address, into);
  }

  /** Writes a 32-bit word from outside, as a debugger would. */
  write32(address: number, value: number): void {
    this.#port.host.write32(this.space, address, value);
  }

  /** Writes the initial values of a thread that starts, if it has a block. @internal */
  writeThreadData(threadPointer: number): void {
    const data = this.threadData;
    if (data.isEmpty || this.space.areas.find(threadPointer) === undefined) return;
    data.forEach((offset, value) => {
      this.write32(threadPointer + offset, value);
    });
  }
}
