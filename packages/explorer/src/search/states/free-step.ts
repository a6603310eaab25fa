import { OperationKind, RegisterFile, REGISTER_STRIDE, SyscallNumber } from '@rseqlab/sim-machine';
import type { Machine, SectionDescriptor } from '@rseqlab/sim-machine';
import type { AccessCapture } from './access-capture.js';

/** A step that need not be interleaved with everything. */
export interface FreeStep {
  /**
   * `alone`: it commutes with all that others do, while the words are the thread's alone. `undone`: the
   * thread's loss of its CPU just before and just behind it come to the same, an abort.
   */
  readonly kind: 'alone' | 'undone';
  readonly thread: number;
  /** Addresses of the words that it accesses. */
  readonly addresses: readonly number[];
}

/** Finds out whether a step that a machine carries out is a {@link FreeStep}. */
export class FreeSteps {
  readonly #machine: Machine;
  readonly #capture: AccessCapture;
  readonly #before = new Int32Array(REGISTER_STRIDE);
  #section: SectionDescriptor | undefined;
  #kind: OperationKind = OperationKind.Local;

  constructor(machine: Machine, capture: AccessCapture) {
    this.#machine = machine;
    this.#capture = capture;
  }

  /** A thread is about to make a step. */
  begin(thread: number): void {
    const base = thread * REGISTER_STRIDE;
    this.#before.set(this.#machine.threads.registers.subarray(base, base + REGISTER_STRIDE));
    this.#section = sectionAt(this.#machine, this.#before[RegisterFile.Ip]!);
    this.#kind = this.#machine.state.pending(thread).kind;
  }

  /** What the step was that the thread has made; accesses are still captured. */
  end(thread: number): FreeStep | undefined {
    const { registers } = this.#machine.threads;
    const after = thread * REGISTER_STRIDE;
    const section = sectionAt(this.#machine, registers[after + RegisterFile.Ip]!);
    if (section !== this.#section || this.#kind === OperationKind.Await) return undefined;
    if (!this.#isForward(thread, after)) return undefined;
    const addresses = this.#capture.addresses();
    if (section === undefined) return { kind: 'alone', thread, addresses };
    if (this.#kind !== OperationKind.Load || !this.#isUndone(thread, after)) return undefined;
    return { kind: 'undone', thread, addresses };
  }

  /**
   * Whether the program goes on, so that there is no loop of such steps; and not to its exit, which is
   * taken at once: as long as the thread is there, others can be preempted in its favour.
   */
  #isForward(thread: number, after: number): boolean {
    const { registers } = this.#machine.threads;
    const before = this.#before;
    const operations =
      registers[after + RegisterFile.Operations]! - before[RegisterFile.Operations]!;
    const { kind, value } = this.#machine.state.pending(thread);
    if (kind === OperationKind.Syscall && value === SyscallNumber.exit) return false;
    if (operations !== 0) return operations > 0;
    return registers[after + RegisterFile.Ip]! > before[RegisterFile.Ip]!;
  }

  /** Whether a loss of the CPU leads to an abort handler to which the step makes no difference. */
  #isUndone(thread: number, after: number): boolean {
    const { state, threads } = this.#machine;
    const abort = state.phases.continuesAt(thread);
    if (abort === 0) return false;
    const live = state.liveAt(abort);
    for (let n = 0; n < 16; n++)
      if (((live >>> n) & 1) === 1 && threads.registers[after + n] !== this.#before[n])
        return false;
    return true;
  }
}

/** The section of an installed program that an address is in. */
export function sectionAt(machine: Machine, ip: number): SectionDescriptor | undefined {
  const installed = machine.programAt(ip);
  if (installed === undefined) return undefined;
  const offset = ip - installed.address;
  return installed.program.sections.find(
    ({ start, postCommit }) => offset >= start && offset < postCommit,
  );
}
