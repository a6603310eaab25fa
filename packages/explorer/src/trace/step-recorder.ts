import { ExitReason, REGISTER_STRIDE, RegisterFile, SyscallNumber } from '@rseqlab/sim-machine';
import type { DecisionKindName, Machine, MachineEventMap, Routine } from '@rseqlab/sim-machine';
import { instructionAt } from './instruction-place.js';
import { syscallName, syscallText } from './syscall-text.js';
import type { ThreadTracker } from './thread-tracker.js';
import type { OpenRow, TraceRows } from './trace-rows.js';

/** What is known of a step when it is decided. */
interface StepDecision {
  readonly index: number;
  readonly decision?: DecisionKindName;
}

/** An operation that a step came to after its first. */
interface Continuation {
  readonly row: OpenRow;
  readonly address: number;
}

/** What a system call instruction reads before it is known which one it is. */
const SYSCALL_INSTRUCTION = 'syscall';

/** The end of a routine, which says nothing about where a thread is. */
const RETURN = 'ret';

/**
 * Takes down what steps execute: the instruction that a step begins with, and where steps may be
 * long, a row for every further operation.
 */
export class StepRecorder {
  readonly #machine: Machine;
  readonly #rows: TraceRows;
  readonly #places: ThreadTracker;
  readonly #isLong: boolean;
  #continuation: Continuation | undefined;

  /** @param isLong - whether a step may execute more than one operation */
  constructor(machine: Machine, rows: TraceRows, places: ThreadTracker, isLong: boolean) {
    this.#machine = machine;
    this.#rows = rows;
    this.#places = places;
    this.#isLong = isLong;
  }

  /** A thread is about to step. */
  step(cpu: number, thread: number, decision: StepDecision): void {
    this.finish();
    const source = this.#places.source(thread);
    const exit = this.#register(thread, RegisterFile.Exit);
    const place = exit === ExitReason.Return ? undefined : this.#places.instruction(thread);
    const text = place?.text ?? '';
    this.#rows.decide({
      kind: 'step',
      ...decision,
      cpu,
      thread,
      text,
      ...(place && { place: place.place }),
      ...(place?.note !== undefined && { note: place.note }),
      ...(source && { source }),
    });
    if (text !== '' && text !== RETURN && !this.#isExit(thread, text))
      this.#places.executed(thread, cpu, text, source);
  }

  /** Takes back the row of an operation that the last step came to and did not execute. */
  finish(): void {
    const last = this.#continuation;
    this.#continuation = undefined;
    if (last === undefined) return;
    const { thread } = last.row;
    const isPending =
      this.#register(thread, RegisterFile.Exit) !== ExitReason.Return &&
      this.#register(thread, RegisterFile.Ip) === last.address;
    if (isPending) this.#rows.drop(last.row);
  }

  /** A thread's program starts an operation. */
  began(thread: number, routine: Routine): void {
    const row = this.#rows.decided;
    const place = instructionAt(this.#machine, routine.address);
    if (place === undefined || row?.kind !== 'step' || row.thread !== thread) return;
    const source = this.#places.source(thread);
    if (row.text === '') {
      row.text = place.text;
      row.place = place.place;
      if (place.note !== undefined) row.note = place.note;
      if (source !== undefined) row.source = source;
    } else if (this.#isLong) {
      const { cpu } = row;
      const next = this.#rows.decide({
        kind: 'step',
        cpu,
        thread,
        ...place,
        ...(source && { source }),
      });
      this.#continuation = { row: next, address: routine.address };
    } else return;
    this.#places.executed(thread, row.cpu, place.text, source);
  }

  /** A thread entered the kernel. */
  entered({ thread, number, args }: MachineEventMap['syscall'][0]): void {
    const row = this.#rows.decided;
    if (row?.kind !== 'step' || row.thread !== thread) return;
    const text = syscallText(number, args);
    const { cpu, source } = row;
    if (row.text === SYSCALL_INSTRUCTION || row.text === '') row.text = text;
    else this.#rows.decide({ kind: 'step', cpu, thread, text, ...(source && { source }) });
    if (number !== SyscallNumber.exit) this.#places.executed(thread, cpu, text, source);
  }

  /** A thread left the kernel. */
  left({ thread, number, result }: MachineEventMap['syscallExit'][0]): void {
    const row = this.#rows.decided;
    const name = syscallName(number);
    if (row?.thread === thread && row.text.startsWith(name)) {
      row.text += ` = ${result}`;
      return;
    }
    const text = `T${thread} returns from ${name} with ${result}`;
    this.#rows.follow({ kind: 'wakeup', cpu: this.#machine.threads.cpu[thread]!, thread, text });
  }

  /** The exit that follows a program's end is not an instruction of it. */
  #isExit(thread: number, text: string): boolean {
    return (
      text === SYSCALL_INSTRUCTION &&
      this.#register(thread, RegisterFile.Result) === SyscallNumber.exit
    );
  }

  #register(thread: number, word: number): number {
    return this.#machine.threads.registers[thread * REGISTER_STRIDE + word]!;
  }
}
