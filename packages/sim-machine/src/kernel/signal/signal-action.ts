import type { StateArena } from '../../base/state-arena.js';
import { defaultAction, DefaultAction } from './default-action.js';
import { SignalNumber } from './signal-number.js';
import { UNBLOCKABLE_LOW } from './signal-set.js';

/**
 * Flags of a signal action.
 *
 * @source include/uapi/asm-generic/signal-defs.h, sigaction(2)
 */
export const SignalActionFlag = {
  /** No SIGCHLD when children stop or go on. */
  SA_NOCLDSTOP: 1,
  /** Children leave no zombies. */
  SA_NOCLDWAIT: 2,
  /** The handler takes three arguments; here it always does. */
  SA_SIGINFO: 4,
  /** The handler runs on the alternate stack, if there is one. */
  SA_ONSTACK: 0x08000000,
  /** Interrupted system calls are restarted. */
  SA_RESTART: 0x10000000,
  /** The signal itself is not blocked while its handler runs. */
  SA_NODEFER: 0x40000000,
  /** Back to the default action before the handler runs. */
  SA_RESETHAND: -0x80000000,
} as const;

/** Handler values that are no index into the process's program table. */
export const SIG_DFL = 0;
/** The signal is ignored. */
export const SIG_IGN = 1;

/** What a process does about a signal. */
export interface SignalAction {
  /** {@link SIG_DFL}, {@link SIG_IGN} or an index into the process's program table. */
  handler: number;
  /** {@link SignalActionFlag} bits. */
  flags: number;
  /** Signals 1 to 32 that are blocked while the handler runs. */
  maskLow: number;
  /** Signals 33 to 64. */
  maskHigh: number;
}

const ACTION_WORDS = 4;
const PROCESS_WORDS = SignalNumber.SIGRTMAX * ACTION_WORDS;

/**
 * What every process does about every signal.
 *
 * Most programs set few of them, so they are not a column of the arena; it holds a fingerprint of
 * them, which is kept up to date.
 */
export class SignalActions {
  readonly #words: Int32Array;
  /** Two words: the sum of a hash of every word that is not 0. */
  readonly #fingerprint: Int32Array;
  readonly #used: Uint8Array;

  constructor(arena: StateArena, processCapacity: number) {
    this.#words = new Int32Array(processCapacity * PROCESS_WORDS);
    this.#fingerprint = arena.column('signal.actions', 2, 'semantic');
    this.#used = new Uint8Array(processCapacity);
  }

  /** Every action of every process is the default; called together with `StateArena.reset`. */
  reset(): void {
    for (let process = 0; process < this.#used.length; process++)
      if (this.#used[process] === 1) {
        this.#words.fill(0, process * PROCESS_WORDS, (process + 1) * PROCESS_WORDS);
        this.#used[process] = 0;
      }
  }

  /** Whether the process has set any action since it began. */
  isUsed(process: number): boolean {
    return this.#used[process] === 1;
  }

  /** {@link SIG_DFL}, {@link SIG_IGN} or an index into the process's program table. */
  handler(process: number, signal: number): number {
    return this.#words[indexOf(process, signal)]!;
  }

  /** {@link SignalActionFlag} bits. */
  flags(process: number, signal: number): number {
    return this.#words[indexOf(process, signal) + 1]!;
  }

  /** Whether the signal, not being blocked, would have no effect. @source sig_handler_ignored() */
  isIgnored(process: number, signal: number): boolean {
    const handler = this.handler(process, signal);
    if (handler === SIG_IGN) return true;
    return handler === SIG_DFL && defaultAction(signal) === DefaultAction.Ignore;
  }

  /** Reads an action. */
  get(process: number, signal: number, into: SignalAction): void {
    const index = indexOf(process, signal);
    into.handler = this.#words[index]!;
    into.flags = this.#words[index + 1]!;
    into.maskLow = this.#words[index + 2]!;
    into.maskHigh = this.#words[index + 3]!;
  }

  /** Replaces an action; SIGKILL and SIGSTOP drop out of the mask. */
  set(process: number, signal: number, action: Readonly<SignalAction>): void {
    const index = indexOf(process, signal);
    this.#used[process] = 1;
    this.#write(index, action.handler);
    this.#write(index + 1, action.flags);
    this.#write(index + 2, action.maskLow & ~UNBLOCKABLE_LOW);
    this.#write(index + 3, action.maskHigh);
  }

  /** Back to the default action; flags and mask stay, as after SA_RESETHAND. */
  resetHandler(process: number, signal: number): void {
    this.#write(indexOf(process, signal), SIG_DFL);
  }

  /** The actions of a forked child are those of its parent. */
  copy(parent: number, child: number): void {
    if (this.#used[parent] === 0) return;
    this.#used[child] = 1;
    for (let i = 0; i < PROCESS_WORDS; i++)
      this.#write(child * PROCESS_WORDS + i, this.#words[parent * PROCESS_WORDS + i]!);
  }

  /** exec takes handlers away and leaves what is ignored. @source flush_signal_handlers() */
  exec(process: number): void {
    this.#clear(process, true);
  }

  /** The process is gone. */
  clear(process: number): void {
    this.#clear(process, false);
    this.#used[process] = 0;
  }

  #clear(process: number, keepIgnored: boolean): void {
    if (this.#used[process] === 0) return;
    for (let signal = 1; signal <= SignalNumber.SIGRTMAX; signal++) {
      const index = indexOf(process, signal);
      if (!keepIgnored || this.#words[index] !== SIG_IGN) this.#write(index, SIG_DFL);
      for (let word = 1; word < ACTION_WORDS; word++) this.#write(index + word, 0);
    }
  }

  #write(index: number, value: number): void {
    const fingerprint = this.#fingerprint;
    const old = this.#words[index]!;
    fingerprint[0] = fingerprint[0]! - mix(index, old, 0x9e3779b1) + mix(index, value, 0x9e3779b1);
    fingerprint[1] = fingerprint[1]! - mix(index, old, 0x85ebca77) + mix(index, value, 0x85ebca77);
    this.#words[index] = value;
  }
}

function indexOf(process: number, signal: number): number {
  return process * PROCESS_WORDS + (signal - 1) * ACTION_WORDS;
}

function mix(index: number, value: number, prime: number): number {
  if (value === 0) return 0;
  const product = Math.imul(value ^ Math.imul(index + 1, 0x27d4eb2f), prime);
  return Math.imul(product ^ (product >>> 15), 0x2c1b3c6d);
}
