import { MachineError } from '../base/machine-error.js';
import type { StateArena } from '../base/state-arena.js';
import type { InstalledPrograms } from '../cpu/installed-programs.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import { RegisterFile } from '../cpu/register-file.js';
import type { RegisterDependencies } from '../cpu/register-dependencies.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { ThreadTable } from '../kernel/thread-table.js';
import { ThreadState } from '../kernel/thread-state.js';
import type { MemoryFingerprint } from '../memory/fingerprint.js';
import type { MemoryModel } from '../memory/memory-model.js';

/** Everything that the future of a machine depends on. */
export interface FingerprintParts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly model: MemoryModel;
  readonly dependencies: RegisterDependencies | undefined;
  readonly programs: InstalledPrograms;
  /** Of memory; undefined when it is not kept. */
  readonly memory: MemoryFingerprint | undefined;
}

const LOW_PRIME = 0x85ebca6b;
const HIGH_PRIME = 0xc2b2ae35;
const GENERAL_REGISTERS = 16;

/**
 * Tells states of a machine apart: all semantic columns, memory, and those registers of each thread
 * that it can still read.
 */
export class MachineFingerprint {
  readonly #parts: FingerprintParts;
  #low = 0;
  #high = 0;

  constructor(parts: FingerprintParts) {
    this.#parts = parts;
  }

  /**
   * Computes the fingerprint of the present state.
   *
   * @throws MachineError `ERR_STATE` when the configuration does not ask for it
   */
  compute(into: { low: number; high: number }): void {
    const { arena, threads, model, memory } = this.#parts;
    if (memory === undefined)
      throw new MachineError(
        'ERR_STATE',
        'expected a machine that keeps its fingerprint (fingerprint: true), got one that does not',
      );
    arena.fingerprint(into);
    this.#low = into.low;
    this.#high = into.high;
    model.addState(this.#addWord);
    for (let thread = 0; thread < threads.highWater; thread++)
      if (threads.state[thread] !== ThreadState.Free) this.#addThread(thread);
    into.low = (this.#low + memory.low) | 0;
    into.high = (this.#high + memory.high) | 0;
  }

  #addThread(thread: number): void {
    const { threads, programs } = this.#parts;
    const { registers } = threads;
    const base = thread * REGISTER_STRIDE;
    const ip = registers[base + RegisterFile.Ip]!;
    const live = programs.liveAt(ip);
    this.#add(ip);
    this.#add(registers[base + RegisterFile.Operations]!);
    for (let n = 0; n < GENERAL_REGISTERS; n++)
      if (((live >>> n) & 1) === 1) this.#add(registers[base + n]!);
    this.#addDependencies(thread, base, live);
    if (threads.state[thread] === ThreadState.Runnable && threads.exitWork[thread] === 0) return;
    // In the kernel: how it got there decides how it comes back.
    this.#add(registers[base + RegisterFile.SyscallNumber]!);
    this.#add(registers[base + RegisterFile.InSyscall]!);
    this.#add(registers[base + RegisterFile.Exit]!);
  }

  /** A thread that does not run is ordered after everything when it does. */
  #addDependencies(thread: number, base: number, live: number): void {
    const { threads, cpus, model, dependencies } = this.#parts;
    const cpu = threads.cpu[thread]!;
    if (dependencies === undefined || cpus.current[cpu] !== thread) return;
    const { moments } = dependencies;
    for (let n = 0; n < GENERAL_REGISTERS; n++)
      if (((live >>> n) & 1) === 1) this.#add(model.rankOf(cpu, moments[base + n]!));
    this.#add(model.rankOf(cpu, dependencies.dereferenced(base)));
  }

  readonly #addWord = (word: number): void => {
    this.#add(word);
  };

  #add(word: number): void {
    let low = Math.imul(this.#low ^ word, LOW_PRIME);
    low ^= low >>> 15;
    this.#low = low;
    this.#high = Math.imul(this.#high + word, HIGH_PRIME) ^ (this.#high >>> 13);
  }
}
