import {
  OPCODES,
  SignalNumber,
  WaitOption,
  ptraceContinue,
  ptraceDetach,
  ptraceGetRegisters,
  ptraceInterrupt,
  ptracePeekData,
  ptracePokeData,
  ptraceSeize,
  ptraceSetRegisters,
  ptraceSingleStep,
  successorsOf,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Machine, Operation, Thread } from '@rseqlab/sim-machine';
import type { SectionTable } from './section-table.js';

/**
 * How a debugger goes on by one instruction.
 *
 * `single-step`: by hardware, which traps after the instruction (PTRACE_SINGLESTEP). `breakpoint`: by
 * `brk` in the place of every instruction that may come next, which are taken out again at the stop.
 */
export type SteppingMode = 'single-step' | 'breakpoint';

/** How a simulated debugger steps. */
export interface PtraceDebuggerOptions {
  /** Default `single-step`. */
  readonly mode?: SteppingMode;
  /** The sections that it knows of, which it then steps over as one; default none. */
  readonly sections?: SectionTable;
}

/** Where a debugged thread is after a step. */
export interface DebugStop {
  /** Address of its next instruction; 0 when it has ended. */
  readonly ip: number;
  /** Whether it has ended. */
  readonly hasEnded: boolean;
}

const ENDED: DebugStop = { ip: 0, hasEnded: true };

/**
 * A debugger as a program of the simulated machine: it debugs a thread of another process by ptrace,
 * as gdb does, and disturbs it as gdb does.
 *
 * Every stop is a trap, and a trap inside of a critical section aborts it. What becomes of a debugger
 * that does not know of sections depends on how it steps:
 *
 * | mode        | without a table                                    | with one                  |
 * |-------------|----------------------------------------------------|---------------------------|
 * | single-step | livelock: the thread never passes the section's    | runs the section as one,  |
 * |             | first instruction                                  | no abort                  |
 * | breakpoint  | gets through; the section starts over at each step | the same                  |
 *
 * With a table a step that begins in a section, or would end at its first instruction, ends where
 * control leaves it: at its end, its abort handler, or the target of a branch out of it. To stop at
 * the first instruction is to stop inside: the descriptor is armed by then.
 *
 * All processes share the text, so a breakpoint is there for every thread that comes by; one that is
 * not traced dies of SIGTRAP. In the C library's own routines, which the debugger itself
 * executes, and after `ret`, where the next instruction is up to the thread's program, a step is
 * always a hardware step.
 *
 * To be used by one thread, which is not of the debugged process.
 *
 * @source ptrace(2)
 */
export class PtraceDebugger {
  readonly #machine: Machine;
  readonly #tid: number;
  readonly #mode: SteppingMode;
  readonly #sections: SectionTable | undefined;
  /** A signal that the thread stopped to show, and gets when it goes on; or 0. */
  #signal = 0;

  /** @param tid the thread to debug */
  constructor(machine: Machine, tid: number, options: PtraceDebuggerOptions = {}) {
    this.#machine = machine;
    this.#tid = tid;
    this.#mode = options.mode ?? 'single-step';
    this.#sections = options.sections;
  }

  /** Attaches to the thread and stops it: 0 or a negative errno. */
  *attach(t: Thread): Operation<number> {
    const error = yield* ptraceSeize(t, this.#tid);
    if (error < 0) return error;
    yield* ptraceInterrupt(t, this.#tid);
    yield* this.#wait(t);
    return 0;
  }

  /** Lets the thread go on without a debugger: 0 or a negative errno. */
  *detach(t: Thread): Operation<number> {
    const signal = this.#takeSignal();
    return yield* ptraceDetach(t, this.#tid, signal);
  }

  /** Address of the stopped thread's next instruction, or a negative errno. */
  *ip(t: Thread): Operation<number> {
    const registers = yield* ptraceGetRegisters(t, this.#tid);
    return typeof registers === 'number' ? registers : registers.ip;
  }

  /** Goes on by one instruction, or by one section if it knows of it and the thread is inside. */
  *step(t: Thread): Operation<DebugStop> {
    const ip = yield* this.ip(t);
    const targets = this.#targetsFrom(ip);
    if (targets.length > 0) return yield* this.runTo(t, targets);
    yield* ptraceSingleStep(t, this.#tid, this.#takeSignal());
    return yield* this.#stop(t);
  }

  /** Goes on to the first of some addresses, by breakpoints that are gone afterwards. */
  *runTo(t: Thread, addresses: readonly number[]): Operation<DebugStop> {
    const originals: number[] = [];
    for (const address of addresses) {
      originals.push((yield* ptracePeekData(t, this.#tid, address)).value);
      yield* ptracePokeData(t, this.#tid, address, OPCODES.brk);
    }
    yield* ptraceContinue(t, this.#tid, this.#takeSignal());
    const stop = yield* this.#stop(t);
    if (stop.hasEnded) return stop;
    for (const [index, address] of addresses.entries())
      yield* ptracePokeData(t, this.#tid, address, originals[index]!);
    // The trap is taken behind the breakpoint; the instruction it stood for is still to come.
    return addresses.includes(stop.ip - 4) ? yield* this.#moveTo(t, stop.ip - 4) : stop;
  }

  *#moveTo(t: Thread, ip: number): Operation<DebugStop> {
    const registers = yield* ptraceGetRegisters(t, this.#tid);
    if (typeof registers === 'number') return ENDED;
    yield* ptraceSetRegisters(t, this.#tid, { ...registers, ip });
    return { ip, hasEnded: false };
  }

  *#stop(t: Thread): Operation<DebugStop> {
    if (!(yield* this.#wait(t))) return ENDED;
    return { ip: yield* this.ip(t), hasEnded: false };
  }

  /** Waits for the thread to stop; false when it has ended. */
  *#wait(t: Thread): Operation<boolean> {
    const { status } = yield* waitpid(t, this.#tid, WaitOption.WALL);
    if (status?.kind !== 'stopped') return false;
    const isOwn = status.signal === SignalNumber.SIGTRAP;
    this.#signal = isOwn ? 0 : status.signal;
    return true;
  }

  #takeSignal(): number {
    const signal = this.#signal;
    this.#signal = 0;
    return signal;
  }

  /** Where breakpoints make the step; none for a hardware step. */
  #targetsFrom(ip: number): readonly number[] {
    const inside = this.#sections?.at(ip);
    if (inside !== undefined) return inside.exits;
    const next = this.#nextOf(ip);
    // A thread that is stopped at the first instruction is inside already.
    const sections = next.map((address) => this.#sections?.at(address));
    const isPlain = sections.every((section) => section === undefined);
    if (isPlain) return this.#mode === 'breakpoint' ? next : [];
    return [...new Set(next.flatMap((address, i) => sections[i]?.exits ?? address))];
  }

  /** Addresses that may come after an instruction; none where a breakpoint cannot be. */
  #nextOf(ip: number): readonly number[] {
    const installed = this.#machine.programAt(ip);
    if (installed === undefined || installed === this.#machine.programs[0]) return [];
    const { program, address } = installed;
    return successorsOf(program, ip - address).map((offset) => offset + address);
  }
}
