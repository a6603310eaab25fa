import type { ProcessId } from '../base/brand.js';
import { MachineError } from '../base/machine-error.js';
import type { StateArena } from '../base/state-arena.js';
import type { AddressSpace } from '../memory/address-space.js';
import { Process } from './process.js';
import type { ProcessPort } from './process.js';
import { ProcessColumns, ProcessLife } from './process/process-columns.js';

/** Makes and takes back address spaces. */
export interface SpacePort {
  /** An empty address space with the text segment mapped. */
  create(): AddressSpace;
  /** A copy of an address space, pages shared until one side writes. */
  fork(parent: AddressSpace): AddressSpace;
  /** Gives everything the space holds back. */
  destroy(space: AddressSpace): void;
}

/** The processes of a machine; slots are used again, pids are not. */
export class ProcessTable {
  /** What there is to know of each. */
  readonly columns: ProcessColumns;
  readonly #processes: Process[] = [];
  readonly #port: ProcessPort;
  readonly #spaces: SpacePort;
  #used = 0;

  constructor(arena: StateArena, capacity: number, port: ProcessPort, spaces: SpacePort) {
    this.columns = new ProcessColumns(arena, capacity);
    this.#port = port;
    this.#spaces = spaces;
  }

  /** Forgets all processes; arena and memory system are reset by their owners. */
  reset(): void {
    for (let id = 0; id < this.#used; id++) this.#processes[id]!.end();
    this.#used = 0;
  }

  /** Slots in use, exited processes included. */
  get count(): number {
    return this.#used;
  }

  /** The process in a slot. */
  at(id: number): Process {
    const process = id < this.#used ? this.#processes[id] : undefined;
    if (process === undefined)
      throw new MachineError('ERR_STATE', `expected a process slot below ${this.#used}, got ${id}`);
    return process;
  }

  /** The address space of the process in a slot; it has one. */
  spaceOf(id: number): AddressSpace {
    return this.#processes[id]!.space;
  }

  /** The process with a pid, a zombie included; or undefined. */
  byPid(pid: number): Process | undefined {
    const { life, pid: pids } = this.columns;
    for (let id = 0; id < this.#used; id++)
      if (pids[id] === pid && (life[id] === ProcessLife.Alive || life[id] === ProcessLife.Zombie))
        return this.#processes[id];
    return undefined;
  }

  /** Whether the process in a slot has threads that run. */
  isRunning(id: number): boolean {
    const { life, threadCount } = this.columns;
    return id < this.#used && life[id] === ProcessLife.Alive && threadCount[id]! > 0;
  }

  /** The processes that have threads, by ascending slot. */
  running(): Process[] {
    return this.#processes.slice(0, this.#used).filter(({ id }) => this.isRunning(id));
  }

  /** Whether {@link begin} would find a slot. */
  get hasRoom(): boolean {
    return this.#freeSlot() < this.columns.capacity;
  }

  /**
   * Begins a process in a free slot, in the process group of its parent.
   *
   * @param parent slot of the parent; -1 from outside
   * @param space its address space; a new one when absent
   * @returns undefined when the table is full
   */
  begin(parent: number, name: string, space?: AddressSpace): Process | undefined {
    const { columns } = this;
    const id = this.#freeSlot();
    if (id === columns.capacity) return undefined;
    if (id === this.#used) this.#used += 1;
    columns.clear(id);
    columns.life[id] = ProcessLife.Alive;
    columns.pid[id] = columns.takeId();
    columns.parent[id] = parent;
    columns.isKept[id] = parent < 0 ? 1 : 0;
    columns.group[id] = parent < 0 ? columns.pid[id] : columns.group[parent]!;
    const process = (this.#processes[id] ??= new Process(id as ProcessId, this.#port, columns));
    process.begin(name, space ?? this.#spaces.create());
    return process;
  }

  /** A copy of the address space of a process, for its child. */
  forkSpace(parent: Process): AddressSpace {
    return this.#spaces.fork(parent.space);
  }

  /** Replaces program and address space of a process. */
  exec(process: Process): void {
    const old = process.space;
    process.exec(this.#spaces.create());
    this.#spaces.destroy(old);
  }

  /**
   * The last thread of a process is gone: takes its address space back. The process is a zombie
   * until it is reaped.
   *
   * A process that was made from outside keeps its memory and its slot, so that a check can look.
   */
  end(process: Process): void {
    const { columns } = this;
    if (columns.isKept[process.id] === 1) {
      columns.life[process.id] = ProcessLife.Kept;
      return;
    }
    columns.life[process.id] = ProcessLife.Zombie;
    this.#spaces.destroy(process.space);
    process.end();
  }

  /** The exit status of a zombie has been seen, or nobody will ask: the slot is free. */
  reap(id: number): void {
    this.columns.clear(id);
  }

  #freeSlot(): number {
    const { life, capacity } = this.columns;
    if (this.#used < capacity) return this.#used;
    let id = 0;
    while (id < capacity && life[id] !== ProcessLife.Free) id += 1;
    return id;
  }
}
