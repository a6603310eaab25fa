import { EventEmitter } from 'eventemitter3';
import type { SwitchReason } from '../kernel/exit-work.js';

/** What a listener is given, by event name. Threads, CPUs and processes are given by id. */
export interface MachineEventMap {
  /** A CPU changed threads; -1 is idle. */
  switch: [event: { cpu: number; previous: number; next: number; reason: SwitchReason }];
  /** A sleeping or new thread became runnable. */
  wakeup: [event: { thread: number; cpu: number; created: boolean }];
  /** A thread now belongs to another CPU. */
  migration: [event: { thread: number; from: number; to: number }];
  /** An access faulted. `kind` is minor, cow, major or segv. */
  fault: [event: { thread: number; cpu: number; address: number; kind: FaultEventKind }];
  /** A signal was sent, delivered to a handler, ignored, or did what it does by default. */
  signal: [event: SignalEvent];
  /** A system call was entered. */
  syscall: [event: { thread: number; cpu: number; number: number; args: readonly number[] }];
  /** A system call ended. */
  syscallExit: [event: { thread: number; number: number; result: number }];
  /** A module moved a thread's instruction pointer out of a critical section. */
  abort: [event: { thread: number; cpu: number; from: number; to: number }];
  /** A module told a thread's memory where the thread runs: its CPU, node and concurrency id. */
  cpuNumber: [event: { thread: number; cpu: number; node: number; concurrencyId: number }];
  /** A thread that was to lose its CPU goes on for now, as a module lets it. */
  slice: [event: { thread: number; cpu: number }];
  /** A memory access was made; under `tso` a store appears when it reaches memory. */
  access: [
    event: {
      thread: number;
      cpu: number;
      kind: AccessEventKind;
      physical: number;
      size: number;
      value: number;
    },
  ];
  /** A thread was made. */
  spawn: [event: { thread: number; parent: number; process: number }];
  /** A thread exited. */
  exit: [event: { thread: number; status: number }];
  /** A CPU went online or offline. */
  hotplug: [event: { cpu: number; online: boolean }];
  /** A decision was carried out. */
  decision: [event: { decision: number; index: number }];
}

/** How an access faulted. */
export type FaultEventKind = 'minor' | 'cow' | 'major' | 'segv';

/** What is told of a signal. */
export interface SignalEvent {
  /** Whose signal it is; the one that was looked at first, where it is the process's. */
  readonly thread: number;
  readonly signal: number;
  readonly action: SignalEventAction;
  /** Whether the thread takes it up; else somebody sends it. */
  readonly isDelivery: boolean;
  /** `si_code`. */
  readonly code: number;
  /** Whether it was sent to the process, as far as the one who tells knows. */
  readonly toProcess: boolean;
  /** `sa_handler` and `sa_flags` of the process. */
  readonly handler: number;
  readonly flags: number;
}

/** What became of a signal. */
export type SignalEventAction = 'sent' | 'handled' | 'ignored' | 'default';

/** What an access did. */
export type AccessEventKind = 'load' | 'store' | 'atomic' | 'fence';

/** The names of all events. */
export type MachineEventName = keyof MachineEventMap;

/** Which events somebody listens to. */
export type WantedEvents = Readonly<Record<MachineEventName, boolean>>;

/**
 * Typed events out of the machine.
 *
 * A part emits only while {@link wanted} says so, so that an event nobody listens to costs one test.
 */
export class MachineEvents {
  /** Whether anybody listens, by event. */
  readonly wanted: WantedEvents;
  /** Called when {@link wanted} changes; the memory system needs to know. */
  onInterest: (() => void) | undefined;
  readonly #emitter = new EventEmitter();
  readonly #wanted: Record<MachineEventName, boolean> = {
    switch: false,
    wakeup: false,
    migration: false,
    fault: false,
    signal: false,
    syscall: false,
    syscallExit: false,
    abort: false,
    cpuNumber: false,
    slice: false,
    access: false,
    spawn: false,
    exit: false,
    hotplug: false,
    decision: false,
  };

  constructor() {
    this.wanted = this.#wanted;
  }

  /** Calls `listener` at every such event until {@link off}. */
  on<Name extends MachineEventName>(
    name: Name,
    listener: (...args: MachineEventMap[Name]) => void,
  ): void {
    this.#emitter.on(name, listener);
    this.#changed(name);
  }

  /** Takes a listener away. */
  off<Name extends MachineEventName>(
    name: Name,
    listener: (...args: MachineEventMap[Name]) => void,
  ): void {
    this.#emitter.off(name, listener);
    this.#changed(name);
  }

  /** Takes every listener away. */
  clear(): void {
    this.#emitter.removeAllListeners();
    for (const name of Object.keys(this.#wanted) as MachineEventName[]) this.#changed(name);
  }

  /** Tells the listeners. */
  emit<Name extends MachineEventName>(name: Name, ...args: MachineEventMap[Name]): void {
    this.#emitter.emit(name, ...args);
  }

  #changed(name: MachineEventName): void {
    const isWanted = this.#emitter.listenerCount(name) > 0;
    if (isWanted === this.#wanted[name]) return;
    this.#wanted[name] = isWanted;
    this.onInterest?.();
  }
}
