import type {
  AccessCost,
  AccessObserver,
  FenceObserver,
  ShadowObserver,
} from './access-observer.js';

/** What listens to the accesses of a bus; anything present costs every access a call. */
export interface BusHooks {
  /** Accesses as memory sees them: a buffered store counts when it becomes visible. */
  readonly observer?: AccessObserver | undefined;
  /** Fences, in the order of execution. */
  readonly fences?: FenceObserver | undefined;
  /** Accesses and fences as threads execute them: shadow state. */
  readonly shadow?: ShadowObserver | undefined;
  /** Accesses and fences as threads execute them, to be paid for. */
  readonly cost?: AccessCost | undefined;
}
