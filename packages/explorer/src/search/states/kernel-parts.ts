import type { KernelImage, Machine } from '@rseqlab/sim-machine';
import { ComponentTable } from './component-table.js';
import { EdgeTable } from './edge-table.js';
import type { StateLayout } from './state-layout.js';
import { WordList } from './word-list.js';

/** Copies of all columns that are kept at most. */
const MOST_IMAGES = 4000;

/** Words of a part at most, for threads of which a list is kept anywhere. */
const MOST_WORDS = 1 << 16;

/** What is known of all that the kernel can keep. */
export interface KernelFacts {
  /** The numbers of its parts, as they lie from the layout's `common` on. */
  readonly parts: Int32Array;
  /** All columns of a state with the same queues, to return to; undefined where there are too many. */
  columns: KernelImage | undefined;
}

/** What is known of what the kernel can keep of a thread. */
export interface OwnFacts {
  readonly isInKernel: boolean;
  readonly image: Int32Array;
}

/** What is known of what the kernel can keep of a CPU. */
export interface CpuFacts {
  /** The thread that it executes, or -1. */
  readonly current: number;
  readonly image: Int32Array;
}

/** Numbers of what the kernel keeps: of each thread, of each CPU, of all else, and of all together. */
export class KernelParts {
  readonly all: KernelFacts[] = [];
  /** Words that are of no thread or CPU. */
  readonly common: Int32Array[] = [];
  readonly own: OwnFacts[] = [];
  readonly cpus: CpuFacts[] = [];
  /** Where (kernel * threads + thread, what is kept of that thread) leads, where that is known. */
  readonly successors: EdgeTable = new EdgeTable();
  /** Who executes, by number of all that the kernel keeps and by CPU: a thread, or -1. */
  readonly executing: WordList = new WordList();
  /** The parts of all that the kernel keeps, one behind the other. */
  readonly flat: WordList = new WordList();
  /** Which threads are in the kernel, as bit masks, by number of all that the kernel keeps. */
  readonly #inKernel = new WordList();
  /** Columns by what is of no thread. */
  readonly #columns = new Map<string, KernelImage>();
  readonly #machine: Machine;
  readonly #layout: StateLayout;
  readonly #allTable = new ComponentTable();
  readonly #tables = {
    common: new ComponentTable(),
    own: new ComponentTable(),
    cpu: new ComponentTable(),
  };
  readonly #words = new Int32Array(MOST_WORDS);
  /** See {@link KernelFacts.parts}. */
  readonly #parts: Int32Array;

  constructor(machine: Machine, layout: StateLayout) {
    this.#machine = machine;
    this.#layout = layout;
    this.#parts = new Int32Array(1 + layout.threads + layout.cpus);
  }

  /** The number of what the machine's kernel keeps now. */
  look(): number {
    const { threads, cpus } = this.#layout;
    const parts = this.#parts;
    parts[0] = this.#lookAtCommon();
    for (let thread = 0; thread < threads; thread++) parts[1 + thread] = this.#lookAtOwn(thread);
    for (let cpu = 0; cpu < cpus; cpu++) parts[1 + threads + cpu] = this.#lookAtCpu(cpu);
    const all = this.#allTable.intern(parts, parts.length);
    if (all === this.all.length)
      this.#add(
        all < MOST_IMAGES ? this.#machine.state.back.kernelImage() : this.#columnsOf(parts),
      );
    const facts = this.all[all]!;
    // Who adopted the parts had no machine that stood there.
    if (facts.columns === undefined && all < MOST_IMAGES)
      this.#keepColumns(facts, this.#machine.state.back.kernelImage());
    return all;
  }

  #keepColumns(facts: KernelFacts, columns: KernelImage): void {
    facts.columns = columns;
    this.#columns.set(this.#queues(facts.parts), columns);
  }

  /** The words of a part. */
  words(kind: 'common' | 'own' | 'cpu', part: number): Int32Array {
    return this.#tables[kind].words(part);
  }

  /** The number of a part that is of no thread or CPU, of which somebody else knows the words. */
  adoptCommon(words: Int32Array): number {
    const part = this.#tables.common.intern(words, words.length);
    if (part === this.common.length) this.common.push(words.slice());
    return part;
  }

  /** The number of a thread's part of which somebody else knows all. */
  adoptOwn(words: Int32Array, facts: OwnFacts): number {
    const part = this.#tables.own.intern(words, words.length);
    if (part === this.own.length) this.own.push(facts);
    return part;
  }

  /** The number of a CPU's part of which somebody else knows all. */
  adoptCpu(words: Int32Array, facts: CpuFacts): number {
    const part = this.#tables.cpu.intern(words, words.length);
    if (part === this.cpus.length) this.cpus.push(facts);
    return part;
  }

  /** The number of parts, whether they were met together or not. */
  numberOf(parts: Int32Array): number {
    this.#parts.set(parts);
    const all = this.#allTable.intern(parts, parts.length);
    if (all === this.all.length) this.#add(this.#columnsOf(parts));
    return all;
  }

  /** The number of what differs from `kernel` in what is kept of one thread, while queues are the same. */
  successor(kernel: number, thread: number, own: number): number {
    const from = kernel * this.#layout.threads + thread;
    const known = this.successors.find(from, own);
    if (known >= 0) return known;
    const { parts, columns } = this.all[kernel]!;
    this.#parts.set(parts);
    this.#parts[1 + thread] = own;
    const next = this.#allTable.intern(this.#parts, this.#parts.length);
    if (next === this.all.length) this.#add(columns);
    this.successors.add(from, own, next);
    return next;
  }

  /** Which threads are in the kernel, as a bit mask. */
  inKernel(kernel: number): number {
    return this.#inKernel.words[kernel]!;
  }

  /** The thread that a CPU executes in a state, or -1. */
  current(words: Int32Array, cpu: number): number {
    return this.cpus[words[this.#layout.cpu(cpu)]!]!.current;
  }

  /** The thread that a CPU executes by the number of all that the kernel keeps, or -1. */
  running(kernel: number, cpu: number): number {
    return this.executing.words[kernel * this.#layout.cpus + cpu]!;
  }

  /** A part of all that the kernel keeps; see {@link KernelFacts.parts}. */
  part(kernel: number, index: number): number {
    return this.flat.words[kernel * this.#parts.length + index]!;
  }

  /** Puts into a state's words what follows from the number of all that the kernel keeps. */
  derive(words: Int32Array): void {
    const { kernel, common } = this.#layout;
    const { parts } = this.all[words[kernel]!]!;
    for (let i = 0; i < parts.length; i++) words[common + i] = parts[i]!;
  }

  #lookAtCommon(): number {
    const length = this.#machine.state.commonWords(this.#words);
    return this.adoptCommon(this.#words.subarray(0, length));
  }

  #lookAtOwn(thread: number): number {
    const { state } = this.#machine;
    const length = state.ownWords('thread', thread, this.#words);
    const part = this.#tables.own.intern(this.#words, length);
    if (part === this.own.length) {
      const image = state.back.ownImage('thread', thread);
      this.own.push({ isInKernel: state.isInKernel(thread), image });
    }
    return part;
  }

  #lookAtCpu(cpu: number): number {
    const { state, cpus } = this.#machine;
    const length = state.ownWords('cpu', cpu, this.#words);
    const part = this.#tables.cpu.intern(this.#words, length);
    if (part === this.cpus.length)
      this.cpus.push({ current: cpus.current[cpu]!, image: state.back.ownImage('cpu', cpu) });
    return part;
  }

  /** All columns of a state that has the same queues: what is of no thread says who is in which. */
  #columnsOf(parts: Int32Array): KernelImage | undefined {
    return this.#columns.get(this.#queues(parts));
  }

  /** What is of no thread. */
  #queues(parts: Int32Array): string {
    return `${parts[0]!}:${parts.subarray(1 + this.#layout.threads).join()}`;
  }

  #add(columns: KernelImage | undefined): void {
    if (columns !== undefined) this.#columns.set(this.#queues(this.#parts), columns);
    let inKernel = 0;
    for (let thread = 0; thread < this.#layout.threads; thread++)
      if (this.own[this.#parts[1 + thread]!]!.isInKernel) inKernel |= 1 << thread;
    this.#inKernel.push(inKernel);
    const { threads, cpus } = this.#layout;
    for (let cpu = 0; cpu < cpus; cpu++)
      this.executing.push(this.cpus[this.#parts[1 + threads + cpu]!]!.current);
    for (let i = 0; i < this.#parts.length; i++) this.flat.push(this.#parts[i]!);
    this.all.push({ parts: this.#parts.slice(), columns });
  }
}
