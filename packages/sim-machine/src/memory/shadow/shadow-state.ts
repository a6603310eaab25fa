import type { AccessKind } from '../access-kind.js';
import type { ShadowObserver } from '../access-observer.js';
import { type FenceKind, MemoryOrder } from '../memory-port.js';
import type { ThreadPlaces } from './access-place.js';
import { type AllocationFinding, AllocationShadow } from './allocation-shadow.js';
import { LastWriters } from './last-writers.js';
import { type RaceFinding, RaceDetector } from './race-detector.js';
import { ShadowAccess } from './shadow-access.js';

/** What shadow state finds. */
export type ShadowFinding = RaceFinding | AllocationFinding;

/** Which shadow state to keep; by default all of it. */
export interface ShadowOptions {
  /** Find data races. */
  readonly races?: boolean;
  /** Find accesses to freed or never allocated memory. */
  readonly allocations?: boolean;
  /** Remember who wrote each word last. */
  readonly lastWriters?: boolean;
  /** Findings of each kind to keep; default 100. */
  readonly limit?: number;
}

/**
 * Shadow state of a machine's memory: follows every access and puts down what is wrong with it.
 *
 * Plugged into a memory system by `attach({ shadow })`, before memory is used. What it finds is
 * data; nothing about the run changes.
 */
export class ShadowState implements ShadowObserver {
  /** Data races. */
  readonly races: RaceDetector | undefined;
  /** What allocators have handed out. */
  readonly allocations: AllocationShadow | undefined;
  /** Who wrote each word last. */
  readonly writers: LastWriters | undefined;
  readonly #places: ThreadPlaces;
  readonly #access = new ShadowAccess();

  /**
   * Made by the machine, where its configuration asks for it.
   *
   * @param buffersStores as the memory model says
   * @internal
   */
  constructor(places: ThreadPlaces, buffersStores: boolean, options: ShadowOptions = {}) {
    const { races = true, allocations = true, lastWriters = true, limit } = options;
    this.#places = places;
    this.races = races ? new RaceDetector(limit) : undefined;
    this.allocations = allocations ? new AllocationShadow(places, limit) : undefined;
    this.writers = lastWriters ? new LastWriters(buffersStores) : undefined;
  }

  /** Everything found since the last reset: races, then bad accesses and frees. */
  findings(): ShadowFinding[] {
    return [...(this.races?.findings ?? []), ...(this.allocations?.findings ?? [])];
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    _value: number,
    cpu: number,
    thread: number,
    address: number,
    order: MemoryOrder,
  ): void {
    this.#look(kind, physical, size, cpu, thread, address, order, false);
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    _value: number,
    cpu: number,
    thread: number,
    address: number,
  ): void {
    this.#look(kind, physical, size, cpu, thread, address, MemoryOrder.Plain, true);
  }

  onFence(kind: FenceKind, _cpu: number, thread: number): void {
    this.races?.fence(kind, thread);
  }

  storeVisible(physical: number, size: number, _low: number, cpu: number): void {
    this.writers?.storeVisible(physical, size, cpu);
  }

  frameCopied(from: number, to: number): void {
    this.races?.frameCopied(from, to);
    this.writers?.frameCopied(from, to);
  }

  frameFreed(frame: number): void {
    this.races?.frameFreed(frame);
    this.writers?.frameFreed(frame);
  }

  reset(): void {
    this.races?.reset();
    this.allocations?.reset();
    this.writers?.reset();
  }

  #look(
    kind: AccessKind,
    physical: number,
    size: number,
    cpu: number,
    thread: number,
    address: number,
    order: MemoryOrder,
    kernel: boolean,
  ): void {
    const access = this.#access;
    access.kind = kind;
    access.physical = physical;
    access.size = size;
    access.address = address;
    access.order = order;
    access.thread = thread;
    access.cpu = cpu;
    access.space = this.#places.space(thread);
    access.ip = this.#places.ip(thread);
    access.step = this.#places.step();
    access.kernel = kernel;
    this.allocations?.access(access);
    this.races?.access(access);
    this.writers?.access(access);
  }
}
