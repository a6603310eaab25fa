import { AccessKind } from '../memory/access-kind.js';
import type { AccessObserver, FenceObserver } from '../memory/access-observer.js';
import type { FenceKind } from '../memory/memory-port.js';
import type { AccessEventKind, MachineEvents } from './machine-events.js';

/** Turns accesses and fences into `access` events. */
export class AccessEvents implements AccessObserver, FenceObserver {
  readonly #events: MachineEvents;

  constructor(events: MachineEvents) {
    this.#events = events;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
  ): void {
    this.#events.emit('access', { thread, cpu, kind: nameOf(kind), physical, size, value });
  }

  onFence(_kind: FenceKind, cpu: number, thread: number): void {
    this.#events.emit('access', { thread, cpu, kind: 'fence', physical: 0, size: 0, value: 0 });
  }
}

function nameOf(kind: AccessKind): AccessEventKind {
  if (kind === AccessKind.Load) return 'load';
  return kind === AccessKind.Store ? 'store' : 'atomic';
}
