import type { StateArena } from '../../base/state-arena.js';

/** Where a process is in its life. */
export const ProcessLife = {
  /** The slot holds no process, or one that nobody waits for any more. */
  Free: 0,
  /** It has threads, or may get its first one. */
  Alive: 1,
  /** All threads are gone; the exit status waits for the parent. */
  Zombie: 2,
  /** As Free, but the slot is kept, so that a check can look at the memory. */
  Kept: 3,
} as const;

/** One of {@link ProcessLife}. */
export type ProcessLife = (typeof ProcessLife)[keyof typeof ProcessLife];

/** What the kernel knows of every process, one column a fact, indexed by process slot. */
export class ProcessColumns {
  /** How many processes the machine can hold at once. */
  readonly capacity: number;
  /** A {@link ProcessLife}. */
  readonly life: Int32Array;
  /** Process id as user space sees it. */
  readonly pid: Int32Array;
  /** Slot of the parent, or -1: made from outside, or orphaned. */
  readonly parent: Int32Array;
  /** The thread of the parent that made it, or -1. */
  readonly parentThread: Int32Array;
  /** Process group id. */
  readonly group: Int32Array;
  /** Slot of the thread whose tid is the pid; -1 before the first thread, -2 when it is gone. */
  readonly leader: Int32Array;
  /** Threads that have not exited. */
  readonly threadCount: Int32Array;
  /** 1 for a process that was made from outside, whose memory is kept for checks. */
  readonly isKept: Int32Array;
  /** Exit status in the encoding of wait4. */
  readonly exitStatus: Int32Array;
  /** Signal that the parent gets at exit. */
  readonly exitSignal: Int32Array;
  /** Signal that stopped (or is stopping) all threads, or 0. */
  readonly stopSignal: Int32Array;
  /** A change that wait4 has not reported yet, a {@link StopReport}. */
  readonly report: Int32Array;
  /** Slot of the process whose tracer sees the exit status first, or -1. */
  readonly heldFor: Int32Array;
  /** A thread that does not use the memory block of its slot since it was forked, or -1. */
  readonly movedThread: Int32Array;
  /** The block it uses. */
  readonly movedBlock: Int32Array;
  /** Signals 1 to 32 pending for the process. */
  readonly pendingLow: Int32Array;
  /** Signals 33 to 64 pending for the process. */
  readonly pendingHigh: Int32Array;
  /** One word: the id that the next thread or process gets. */
  readonly nextId: Int32Array;

  constructor(arena: StateArena, capacity: number) {
    const column = (name: string, initial = 0): Int32Array =>
      arena.column(`process.${name}`, capacity, 'semantic', initial);
    this.capacity = capacity;
    this.life = column('life');
    this.pid = column('pid');
    this.parent = column('parent', -1);
    this.parentThread = column('parentThread', -1);
    this.group = column('group');
    this.leader = column('leader', -1);
    this.threadCount = column('threadCount');
    this.isKept = column('isKept');
    this.exitStatus = column('exitStatus');
    this.exitSignal = column('exitSignal');
    this.stopSignal = column('stopSignal');
    this.report = column('report');
    this.heldFor = column('heldFor', -1);
    this.movedThread = column('movedThread', -1);
    this.movedBlock = column('movedBlock', -1);
    this.pendingLow = column('pendingLow');
    this.pendingHigh = column('pendingHigh');
    this.nextId = arena.column('process.nextId', 1, 'semantic', FIRST_ID);
  }

  /** The next id; threads and processes share one sequence, and ids are not used again. */
  takeId(): number {
    return this.nextId[0]!++;
  }

  /** Puts every fact of a slot back, so that nothing of an earlier process is left. */
  clear(id: number): void {
    this.life[id] = ProcessLife.Free;
    this.pid[id] = 0;
    this.parent[id] = -1;
    this.parentThread[id] = -1;
    this.group[id] = 0;
    this.leader[id] = -1;
    this.threadCount[id] = 0;
    this.isKept[id] = 0;
    this.exitStatus[id] = 0;
    this.exitSignal[id] = 0;
    this.stopSignal[id] = 0;
    this.report[id] = StopReport.None;
    this.heldFor[id] = -1;
    this.movedThread[id] = -1;
    this.movedBlock[id] = -1;
    this.pendingLow[id] = 0;
    this.pendingHigh[id] = 0;
  }
}

/** A change of a living process that wait4 can report once. */
export const StopReport = {
  None: 0,
  /** All threads stopped (WUNTRACED). */
  Stopped: 1,
  /** SIGCONT let it go on (WCONTINUED). */
  Continued: 2,
} as const;

/** One of {@link StopReport}. */
export type StopReport = (typeof StopReport)[keyof typeof StopReport];

const FIRST_ID = 100;
