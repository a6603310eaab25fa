import type { AccessCost, ShadowObserver } from '../memory/access-observer.js';
import type { BusHooks } from '../memory/bus-hooks.js';
import type { MemorySystem } from '../memory/memory-system.js';
import { CombinedShadow } from '../memory/shadow/combined-shadow.js';
import { AccessEvents } from './access-events.js';
import type { MachineEvents } from './machine-events.js';

/** Who may listen to the accesses of a machine. */
export interface ListenerParts {
  readonly memory: MemorySystem;
  readonly events: MachineEvents;
  /** Prices accesses; undefined without a cost model. */
  readonly cost: AccessCost | undefined;
  /** The machine's own shadow state; undefined when it keeps none. */
  readonly shadow: ShadowObserver | undefined;
}

/** Connects the bus with whoever listens at present, so that nobody listening costs nothing. */
export class BusListeners {
  readonly #parts: ListenerParts;
  readonly #accessEvents: AccessEvents;
  #extra: BusHooks = {};

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#accessEvents = new AccessEvents(parts.events);
    parts.events.onInterest = (): void => {
      this.#connect();
    };
    this.#connect();
  }

  /** Listens as well, from now on; replaces what was given before. */
  attach(hooks: BusHooks): void {
    this.#extra = hooks;
    this.#connect();
  }

  #connect(): void {
    const { memory, events, cost, shadow } = this.#parts;
    const extra = this.#extra;
    const heard = events.wanted.access ? this.#accessEvents : undefined;
    const watching =
      shadow === undefined || extra.shadow === undefined
        ? (shadow ?? extra.shadow)
        : new CombinedShadow(shadow, extra.shadow);
    memory.attach({
      observer: extra.observer ?? heard,
      fences: extra.fences ?? heard,
      shadow: watching,
      cost: extra.cost ?? cost,
    });
  }
}
