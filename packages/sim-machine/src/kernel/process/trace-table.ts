import type { StateArena } from '../../base/state-arena.js';

/** Facts about a traced thread; bits of its `flags`. */
export const TraceFlag = {
  /** Attached by SEIZE: stops of its own are events. */
  Seized: 1,
  /** Stopped for its tracer. */
  Held: 2,
  /** The stop has not been reported by wait4 yet. */
  Unreported: 4,
  /** INTERRUPT: it is to stop. */
  InterruptRequested: 8,
  /** SINGLESTEP: it is to execute one instruction. */
  Stepping: 16,
  /** EXITKILL: it is killed when its tracer exits. */
  ExitKill: 32,
} as const;

/** Who traces whom, and how a traced thread stopped; one column a fact, indexed by thread slot. */
export class TraceTable {
  /** Slot of the tracing thread, or -1. */
  readonly tracer: Int32Array;
  /** {@link TraceFlag} bits. */
  readonly flags: Int32Array;
  /** Why it stopped: a signal, with an event above its low 8 bits. */
  readonly stopCode: Int32Array;
  /** The signal that it stopped to show, and that may be delivered when it goes on; or 0. */
  readonly signal: Int32Array;
  /** The rest of that signal's record. */
  readonly code: Int32Array;
  readonly origin: Int32Array;
  readonly value: Int32Array;
  /** The signal that the tracer let it go on with, or 0. */
  readonly injected: Int32Array;

  /** One word: threads that are traced. */
  readonly #count: Int32Array;

  constructor(arena: StateArena, threadCapacity: number) {
    const column = (name: string, initial = 0): Int32Array =>
      arena.column(`trace.${name}`, threadCapacity, 'semantic', initial);
    this.tracer = column('tracer', -1);
    this.#count = arena.column('trace.count', 1, 'semantic');
    this.flags = column('flags');
    this.stopCode = column('stopCode');
    this.signal = column('signal');
    this.code = column('code');
    this.origin = column('origin');
    this.value = column('value');
    this.injected = column('injected');
  }

  /** Whether the thread has a bit. */
  has(thread: number, flag: number): boolean {
    return (this.flags[thread]! & flag) !== 0;
  }

  /** Sets bits. */
  add(thread: number, flag: number): void {
    this.flags[thread]! |= flag;
  }

  /** Takes bits away. */
  remove(thread: number, flag: number): void {
    this.flags[thread]! &= ~flag;
  }

  /** Whether any thread is traced. */
  get isUsed(): boolean {
    return this.#count[0] !== 0;
  }

  /** A thread that was not traced is, from now on. */
  begin(thread: number, tracer: number, flags: number): void {
    this.#count[0]! += 1;
    this.tracer[thread] = tracer;
    this.flags[thread] = flags;
  }

  /** The thread is not traced. */
  clear(thread: number): void {
    if (this.tracer[thread] === -1) return;
    this.#count[0]! -= 1;
    this.tracer[thread] = -1;
    this.flags[thread] = 0;
    this.stopCode[thread] = 0;
    this.signal[thread] = 0;
    this.code[thread] = 0;
    this.origin[thread] = 0;
    this.value[thread] = 0;
    this.injected[thread] = 0;
  }
}
