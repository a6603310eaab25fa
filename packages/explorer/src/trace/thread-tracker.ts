import { REGISTER_STRIDE, RegisterFile, ThreadState } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { instructionAt } from './instruction-place.js';
import type { InstructionPlace } from './instruction-place.js';
import type { CpuPlace, ThreadPlace, TracedThread } from './run-trace.js';
import { formatFrame, userFrame } from './source-frame.js';
import type { SourceFrame } from './source-frame.js';

interface LastInstruction {
  readonly cpu: number;
  readonly text: string;
  readonly source?: SourceFrame;
}

const NOWHERE = 'has not run';

/** Follows which instruction and which line of its program every thread is at. */
export class ThreadTracker {
  readonly #machine: Machine;
  readonly #names = new Map<number, string>();
  readonly #sources = new Map<number, SourceFrame>();
  readonly #last = new Map<number, LastInstruction>();
  readonly #lastOn = new Map<number, number>();
  readonly #nameFile: ((file: string) => string) | undefined;
  /** Where the run was asked for: behind all frames of a thread, and no place of its program. */
  readonly #caller = userFrame(new Error().stack ?? '');

  /** @param nameFile - how files are written; as the host names them, if undefined */
  constructor(machine: Machine, nameFile: ((file: string) => string) | undefined) {
    this.#machine = machine;
    this.#nameFile = nameFile;
  }

  /** All threads that there ever were. */
  get threads(): readonly TracedThread[] {
    return [...this.#names].map(([thread, name]) => ({ thread, name }));
  }

  /** A thread was made in a slot. */
  born(thread: number): void {
    this.#names.set(thread, this.#machine.thread(thread).name);
    this.#sources.delete(thread);
    this.#last.delete(thread);
  }

  /** A thread's program starts an operation; called from inside it. */
  entered(thread: number): void {
    const frame = userFrame(new Error().stack ?? '');
    if (frame === undefined || isSamePlace(frame, this.#caller)) return;
    const file = this.#nameFile?.(frame.file) ?? frame.file;
    this.#sources.set(thread, { ...frame, file });
  }

  /** The line of the operation that a thread is in. */
  source(thread: number): SourceFrame | undefined {
    return this.#sources.get(thread);
  }

  /** The instruction that a thread is at; undefined between two operations. */
  instruction(thread: number): InstructionPlace | undefined {
    const { registers } = this.#machine.threads;
    return instructionAt(this.#machine, registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!);
  }

  /** A thread executed an instruction on a CPU. */
  executed(thread: number, cpu: number, text: string, source: SourceFrame | undefined): void {
    this.#last.set(thread, { cpu, text, ...(source && { source }) });
    this.#lastOn.set(cpu, thread);
  }

  /** Where every thread is now. */
  threadPlaces(): readonly ThreadPlace[] {
    return this.threads.map(({ thread, name }) => {
      const state = this.#stateOf(thread);
      const last = this.#last.get(thread);
      if (state === 'ended')
        return {
          thread,
          name,
          state,
          cpu: last?.cpu ?? -1,
          instruction: last?.text ?? NOWHERE,
          ...(last?.source && { source: last.source }),
        };
      const source = this.#sources.get(thread);
      // A system call that sleeps is behind its instruction already.
      const next = state === 'asleep' ? undefined : this.instruction(thread)?.text;
      const instruction = next ?? last?.text ?? NOWHERE;
      const cpu = this.#machine.threads.cpu[thread]!;
      return { thread, name, state, cpu, instruction, ...(source && { source }) };
    });
  }

  /** Where every CPU is now. */
  cpuPlaces(): readonly CpuPlace[] {
    const { cpus } = this.#machine;
    const places = new Map(this.threadPlaces().map((place) => [place.thread, place]));
    return cpus.possible.map((cpu) => {
      const thread = cpus.current[cpu]!;
      const lastThread = this.#lastOn.get(cpu) ?? -1;
      const place = thread >= 0 ? places.get(thread) : this.#lastPlaceOn(cpu, lastThread);
      const instruction =
        place === undefined ? '' : 'instruction' in place ? place.instruction : place.text;
      return {
        cpu,
        thread,
        lastThread,
        instruction,
        ...(place?.source && { source: place.source }),
      };
    });
  }

  #lastPlaceOn(cpu: number, thread: number): LastInstruction | undefined {
    const last = this.#last.get(thread);
    return last?.cpu === cpu ? last : undefined;
  }

  #stateOf(thread: number): ThreadPlace['state'] {
    const { threads, cpus } = this.#machine;
    const state = threads.state[thread];
    if (state === ThreadState.Free || state === ThreadState.Zombie) return 'ended';
    if (state !== ThreadState.Runnable) return 'asleep';
    return cpus.current[threads.cpu[thread]!] === thread ? 'running' : 'ready';
  }
}

function isSamePlace(one: SourceFrame, other: SourceFrame | undefined): boolean {
  return other !== undefined && formatFrame(one) === formatFrame(other);
}
