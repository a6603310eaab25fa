import type { KernelEntry, SwitchReason } from './exit-work.js';

/**
 * The places where a kernel module may act; the only way a module reaches into the machine.
 *
 * Every hook runs inside one step of the machine, with nothing else moving. Threads, processes and
 * CPUs are given by their ids. Hooks are called as plain functions, without a `this`.
 */
export interface KernelHooks {
  /** Everything back to the state after `attach`; the machine is used again for another run. */
  readonly reset?: () => void;
  /** The thread left its CPU. */
  readonly switchedOut?: (thread: number, reason: SwitchReason) => void;
  /** The thread has the CPU and will go to user mode. */
  readonly switchedIn?: (thread: number, cpu: number) => void;
  /** The thread now belongs to another CPU (it is not running at this moment). */
  readonly migrated?: (thread: number, from: number, to: number) => void;
  /** The thread goes to user mode next, and NotifyResume was set in its exit work. */
  readonly returnToUser?: (thread: number, entry: KernelEntry) => void;
  /**
   * Whether {@link returnToUser} looks at nothing but memory, its own thread's and CPU's words in columns
   * that are of threads or CPUs (`StateArena.threadColumn`) and all other columns; default not. Then what
   * it does for a thread is the same whatever other threads are at, which searches make use of.
   */
  readonly returnsAlone?: boolean;
  /**
   * The thread, which was in user mode, has lost its CPU: does now what {@link returnToUser} would do when
   * it has one again, as far as nobody but the kernel and the thread can tell. Called by searches alone,
   * for which threads become the same earlier so.
   */
  readonly settleEarly?: (thread: number) => void;
  /** Where the thread, which is in user mode, would go on if it lost its CPU now; 0: where it is. */
  readonly continuesAt?: (thread: number) => number;
  /** A frame for the signal is built next; the thread's registers are still those it had. */
  readonly beforeSignalFrame?: (thread: number, signal: number) => void;
  /** The thread entered the kernel by a system call, or by the end of a signal handler. */
  readonly syscallEnter?: (thread: number, number: number) => void;
  /** A system call ended (or will sleep); for checks that belong to every system call. */
  readonly syscallExit?: (thread: number) => void;
  /**
   * The thread is about to lose its CPU, on its way to user mode, or by a decision that preempts or
   * migrates it while it runs there.
   *
   * @param work {@link ExitWork} bits that there are besides
   * @returns true to let it go on instead; the module sees to it that this comes to an end
   */
  readonly extendsSlice?: (thread: number, work: number) => boolean;
  /** A thread was made in the parent's address space. */
  readonly cloned?: (parent: number, child: number) => void;
  /** A thread was made in an address space of its own, a copy of the parent's. */
  readonly forked?: (parent: number, child: number) => void;
  /** The thread's address space and program were replaced. */
  readonly execed?: (thread: number) => void;
  /** The thread is exiting; its address space is still there. */
  readonly exited?: (thread: number) => void;
  /** An address space goes away. */
  readonly addressSpaceTornDown?: (process: number) => void;
  /** A membarrier command reached this running thread by an interrupt. */
  readonly membarrierRseq?: (thread: number) => void;
  /** The C library starts the thread: where glibc registers rseq. */
  readonly threadStart?: (thread: number) => void;
}

type HookName = Exclude<keyof KernelHooks, 'returnsAlone'>;
type Listeners = { [Name in HookName]: NonNullable<KernelHooks[Name]>[] };

/** Calls the hooks of every attached module, in the order in which they were attached. */
export class HookPoints {
  readonly #listeners: Listeners = {
    reset: [],
    switchedOut: [],
    switchedIn: [],
    migrated: [],
    returnToUser: [],
    settleEarly: [],
    continuesAt: [],
    beforeSignalFrame: [],
    syscallEnter: [],
    syscallExit: [],
    extendsSlice: [],
    cloned: [],
    forked: [],
    execed: [],
    exited: [],
    addressSpaceTornDown: [],
    membarrierRseq: [],
    threadStart: [],
  };

  /** Whether every module's work at the return to user mode is said to concern one thread alone. */
  returnsAlone = true;

  /** Adds a module's hooks behind those already there. */
  attach(hooks: KernelHooks): void {
    if (hooks.returnToUser !== undefined && hooks.returnsAlone !== true) this.returnsAlone = false;
    for (const name of Object.keys(this.#listeners) as HookName[]) {
      const hook = hooks[name];
      if (hook !== undefined) (this.#listeners[name] as unknown[]).push(hook);
    }
  }

  /** See {@link KernelHooks.reset}. */
  reset(): void {
    for (const hook of this.#listeners.reset) hook();
  }

  /** See {@link KernelHooks.switchedOut}. */
  switchedOut(thread: number, reason: SwitchReason): void {
    const hooks = this.#listeners.switchedOut;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread, reason);
  }

  /** See {@link KernelHooks.switchedIn}. */
  switchedIn(thread: number, cpu: number): void {
    const hooks = this.#listeners.switchedIn;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread, cpu);
  }

  /** See {@link KernelHooks.migrated}. */
  migrated(thread: number, from: number, to: number): void {
    const hooks = this.#listeners.migrated;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread, from, to);
  }

  /** See {@link KernelHooks.returnToUser}. */
  returnToUser(thread: number, entry: KernelEntry): void {
    const hooks = this.#listeners.returnToUser;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread, entry);
  }

  /** See {@link KernelHooks.settleEarly}. */
  settleEarly(thread: number): void {
    for (const hook of this.#listeners.settleEarly) hook(thread);
  }

  /** See {@link KernelHooks.continuesAt}; the answer of the first module that has one. */
  continuesAt(thread: number): number {
    for (const hook of this.#listeners.continuesAt) {
      const address = hook(thread);
      if (address !== 0) return address;
    }
    return 0;
  }

  /** See {@link KernelHooks.beforeSignalFrame}. */
  beforeSignalFrame(thread: number, signal: number): void {
    for (const hook of this.#listeners.beforeSignalFrame) hook(thread, signal);
  }

  /** See {@link KernelHooks.syscallEnter}. */
  syscallEnter(thread: number, number: number): void {
    const hooks = this.#listeners.syscallEnter;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread, number);
  }

  /** Whether any module has a say in the end of a slice. */
  get mayExtendSlices(): boolean {
    return this.#listeners.extendsSlice.length > 0;
  }

  /** See {@link KernelHooks.extendsSlice}; true when any module says so. */
  extendsSlice(thread: number, work: number): boolean {
    const hooks = this.#listeners.extendsSlice;
    for (let i = 0; i < hooks.length; i++) if (hooks[i]!(thread, work)) return true;
    return false;
  }

  /** See {@link KernelHooks.syscallExit}. */
  syscallExit(thread: number): void {
    const hooks = this.#listeners.syscallExit;
    for (let i = 0; i < hooks.length; i++) hooks[i]!(thread);
  }

  /** See {@link KernelHooks.cloned}. */
  cloned(parent: number, child: number): void {
    for (const hook of this.#listeners.cloned) hook(parent, child);
  }

  /** See {@link KernelHooks.forked}. */
  forked(parent: number, child: number): void {
    for (const hook of this.#listeners.forked) hook(parent, child);
  }

  /** See {@link KernelHooks.execed}. */
  execed(thread: number): void {
    for (const hook of this.#listeners.execed) hook(thread);
  }

  /** See {@link KernelHooks.exited}. */
  exited(thread: number): void {
    for (const hook of this.#listeners.exited) hook(thread);
  }

  /** See {@link KernelHooks.addressSpaceTornDown}. */
  addressSpaceTornDown(process: number): void {
    for (const hook of this.#listeners.addressSpaceTornDown) hook(process);
  }

  /** See {@link KernelHooks.membarrierRseq}. */
  membarrierRseq(thread: number): void {
    for (const hook of this.#listeners.membarrierRseq) hook(thread);
  }

  /** See {@link KernelHooks.threadStart}. */
  threadStart(thread: number): void {
    for (const hook of this.#listeners.threadStart) hook(thread);
  }
}
