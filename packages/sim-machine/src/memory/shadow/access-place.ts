import { AccessKind } from '../access-kind.js';

/** Where a thread is when shadow state asks: the machine's answer. */
export interface ThreadPlaces {
  /** The instruction that the thread executes, or last published. */
  ip(thread: number): number;
  /** The CPU it is on. */
  cpu(thread: number): number;
  /** Slot of its address space. */
  space(thread: number): number;
  /** The machine's step count, low 32 bits. */
  step(): number;
}

/** A place in a run, for reports. */
export interface ThreadPlace {
  readonly thread: number;
  readonly cpu: number;
  /** Address of the instruction, unsigned. */
  readonly ip: number;
  /** Steps of the machine until then. */
  readonly step: number;
}

/** An access, for reports. */
export interface AccessPlace extends ThreadPlace {
  readonly kind: AccessPlaceKind;
  /** Virtual address of the first byte, unsigned. */
  readonly address: number;
  /** 1 to 8 bytes. */
  readonly size: number;
  /** Whether the kernel accessed on the thread's behalf. */
  readonly kernel: boolean;
}

/** What an access did, in words. */
export type AccessPlaceKind = 'load' | 'store' | 'update' | 'failed-update';

/** What an access did, in words. */
export function nameOfKind(kind: AccessKind): AccessPlaceKind {
  switch (kind) {
    case AccessKind.Load:
      return 'load';
    case AccessKind.Store:
      return 'store';
    case AccessKind.Update:
      return 'update';
    case AccessKind.FailedUpdate:
      return 'failed-update';
  }
}

/** Where a thread is at present. */
export function placeOf(places: ThreadPlaces, thread: number): ThreadPlace {
  return {
    thread,
    cpu: places.cpu(thread),
    ip: places.ip(thread) >>> 0,
    step: places.step() >>> 0,
  };
}
