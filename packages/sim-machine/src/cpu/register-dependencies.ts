import type { StateArena } from '../base/state-arena.js';
import { createDependencyInterpreter } from '../isa/dependency-interpreter.js';
import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import type { Interpreter } from '../isa/interpreter.js';
import { REG_IP, REGISTER_STRIDE } from '../isa/register-file.js';
import type { AccessViews } from '../memory/access-views.js';

/** The word of a thread, behind those of its registers, for what its program has dereferenced. */
const DEREFERENCED = 16;

/**
 * Which writes the values in the threads' registers were computed from: the moment of the newest.
 *
 * Within machine code every address dependency is followed. Between routines values go through a
 * program that nobody looks into: what it passes on depends on nothing, except for the address of a
 * dependent load, which depends on all that the thread has dereferenced.
 */
export class RegisterDependencies {
  /** By register, laid out as these. */
  readonly moments: Int32Array;
  readonly #environment: ExecutionEnvironment;
  readonly #views: AccessViews;

  constructor(
    arena: StateArena,
    threads: number,
    environment: ExecutionEnvironment,
    views: AccessViews,
  ) {
    this.moments = arena.column('cpu.moments', threads * REGISTER_STRIDE, 'accounting');
    this.#environment = environment;
    this.#views = views;
  }

  /** An interpreter that does what another does, and follows dependencies. */
  follow(interpret: Interpreter): Interpreter {
    return createDependencyInterpreter(this.#environment, interpret, this.moments, this.#views);
  }

  /** A program starts a routine of its own. @param isDependent whether r1 is a dependent address */
  enter(base: number, isDependent: boolean): void {
    const { moments } = this;
    moments.fill(0, base, base + DEREFERENCED);
    if (isDependent) moments[base + 1] = moments[base + DEREFERENCED]!;
  }

  /** Notes that the thread at `base` has dereferenced what is in r0. */
  keep(base: number): void {
    const { moments } = this;
    moments[base + DEREFERENCED] = Math.max(moments[base + DEREFERENCED]!, moments[base]!);
  }

  /** What the program of the thread at `base` has dereferenced. */
  dereferenced(base: number): number {
    return this.moments[base + DEREFERENCED]!;
  }

  /** The moment of the register that addresses the memory access a thread is about to make. */
  addressMoment(thread: number): number {
    const { registers, memory, textPhysical, textBase } = this.#environment;
    const base = thread * REGISTER_STRIDE;
    const word = memory.words[(registers[base + REG_IP]! - textBase + textPhysical) >> 2] ?? 0;
    return this.moments[base + ((word >>> 10) & 15)]!;
  }
}
