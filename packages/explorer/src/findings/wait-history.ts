import { FUTEX_COMMAND_MASK, FutexCommand, SyscallNumber } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import type { TraceAccess } from '../trace/run-trace.js';

/** Something that a thread did to a word or to those who wait on it. */
export interface WaitEvent {
  readonly thread: number;
  readonly cpu: number;
  /** Index of the decision. */
  readonly decision: number;
}

/** A wake-up of a futex. */
export interface Wake extends WaitEvent {
  /** How many threads it woke. */
  readonly woken: number;
}

/** A sleep on a futex. */
export interface Sleep extends WaitEvent {
  readonly address: number;
  /** What the word was compared with. */
  readonly expected: number;
}

const SLEEPS: ReadonlySet<number> = new Set([FutexCommand.Wait, FutexCommand.WaitBitset]);
const WAKES: ReadonlySet<number> = new Set([FutexCommand.Wake, FutexCommand.WakeBitset]);

/**
 * What happened to the words that threads may wait for: who took them, who wrote them last, and who
 * was to be woken. Addresses are virtual: words of several processes are not told apart.
 */
export class WaitHistory {
  readonly #machine: Machine;
  readonly #decision: () => number;
  readonly #holders = new Map<number, number>();
  readonly #writes = new Map<number, WaitEvent>();
  readonly #wakes = new Map<number, Wake[]>();
  readonly #sleeps = new Map<number, Sleep>();
  /** The futex that a thread is in the middle of waking. */
  readonly #waking = new Map<number, number>();

  /** @param decision - index of the present decision */
  constructor(machine: Machine, decision: () => number) {
    this.#machine = machine;
    this.#decision = decision;
    machine.events.on('syscall', ({ thread, number, args }) => {
      if (number === SyscallNumber.futex) this.#entered(thread, args);
    });
    machine.events.on('syscallExit', ({ thread, number, result }) => {
      if (number === SyscallNumber.futex) this.#left(thread, result);
    });
  }

  /** A thread made an access. */
  accessed(thread: number, { kind, address, value, result }: TraceAccess): void {
    const written =
      kind === 'atomic' ? result : kind === 'store' || kind === 'buffered' ? value : undefined;
    if (written === undefined || (kind === 'atomic' && written === value)) return;
    this.#writes.set(address, this.#event(thread));
    if (written === 0) this.#holders.delete(address);
    else if (kind === 'atomic' && value === 0) this.#holders.set(address, thread);
  }

  /** The thread that made the word other than 0 by an atomic, as one that takes a lock; undefined for none. */
  holder(address: number): number | undefined {
    return this.#holders.get(address >>> 0);
  }

  /** Who wrote the word last. */
  lastWrite(address: number): WaitEvent | undefined {
    return this.#writes.get(address >>> 0);
  }

  /** The futex sleep that a thread went into last. */
  sleep(thread: number): Sleep | undefined {
    return this.#sleeps.get(thread);
  }

  /** The last wake-up of a futex by another thread, before a decision, that woke nobody. */
  missedWake(address: number, sleeper: number, before: number): Wake | undefined {
    return this.#wakes
      .get(address >>> 0)
      ?.filter(
        ({ thread, woken, decision }) => woken === 0 && thread !== sleeper && decision < before,
      )
      .at(-1);
  }

  #entered(thread: number, args: readonly number[]): void {
    const [address = 0, operation = 0, expected = 0] = args;
    const command = operation & FUTEX_COMMAND_MASK;
    this.#waking.delete(thread);
    if (SLEEPS.has(command))
      this.#sleeps.set(thread, { ...this.#event(thread), address: address >>> 0, expected });
    else if (WAKES.has(command)) this.#waking.set(thread, address >>> 0);
  }

  #left(thread: number, woken: number): void {
    const address = this.#waking.get(thread);
    if (address === undefined || woken < 0) return;
    const wakes = this.#wakes.get(address) ?? [];
    wakes.push({ ...this.#event(thread), woken });
    this.#wakes.set(address, wakes);
  }

  #event(thread: number): WaitEvent {
    return { thread, cpu: this.#machine.threads.cpu[thread]!, decision: this.#decision() };
  }
}
