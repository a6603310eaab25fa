import { DecisionKind, OperationKind, decisionKind, decisionX } from '@rseqlab/sim-machine';
import type { Decision, KernelImage, Machine, ThreadImage } from '@rseqlab/sim-machine';
import type { AccessCapture } from './access-capture.js';
import { ComponentTable } from './component-table.js';
import { Unsuitable } from './unsuitable.js';

/** The opcode of `rdpid`: the CPU's number is the kernel's to know, its clock is not kept. */
const CPU_NUMBER = 61;

/** Copies of all columns that are kept at most. */
const MOST_IMAGES = 2000;

/** The slot of what the kernel keeps. */
export const KERNEL_SLOT = 0;

/** What has to be known of a number of the kernel's part to list decisions. */
export interface KernelFacts {
  /** The thread on each possible CPU, or -1; in the order of the CPUs. */
  readonly current: Int32Array;
  /** All columns, to return to; undefined where there are too many to keep. */
  readonly image: KernelImage | undefined;
  /** Threads that have exited. */
  readonly exited: number;
}

/** What has to be known of a number of a thread's part to list decisions. */
export interface ThreadFacts {
  /** 0, or 2 in front of an exit. */
  readonly kind: number;
  /** Slot of the word that the thread waits for, or -1. */
  readonly awaits: number;
  /** The value that keeps it waiting. */
  readonly value: number;
  /** The thread's words, to return to. */
  readonly image: ThreadImage;
  /** What the thread's program has received so far, as a node of a trie. */
  readonly history: number;
}

/** How the parts of a state differ from those of another. */
export interface PartChanges {
  /** (slot, value), without memory. */
  readonly effects: readonly number[];
  /** Whether nothing but one thread's part differs. */
  isLocalTo(thread: number): boolean;
}

/**
 * States as words: slot 0 is the number of the kernel's part, then come the numbers of the threads'
 * parts, then words of memory, each from its first access on.
 *
 * What a program has received so far is numbered too: as a path in a trie, of which each node is what
 * was received since the node before.
 */
export class StateParts {
  /** What every slot holds at the start. */
  readonly base: number[] = [];
  readonly kernel: KernelFacts[] = [];
  readonly threads: ThreadFacts[] = [];
  readonly #machine: Machine;
  readonly #capacity: number;
  readonly #kernelParts = new ComponentTable();
  readonly #threadParts = new ComponentTable();
  /** The trie of histories: the lanes that each node ends with, and what follows. */
  readonly #lanes: (readonly [number, number])[] = [[0, 0]];
  readonly #children: (Map<string, number> | undefined)[] = [];
  readonly #slots = new Map<number, number>();
  readonly #addresses: number[] = [];
  readonly #words: number[] = [];
  /** Called for a slot that is new; its base is known by then. */
  onSlot: (slot: number, base: number) => void = () => undefined;
  /** What a word holds at the start, from a run of its own. */
  wordAtStart: (address: number) => number = () => 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#capacity = machine.threads.capacity;
  }

  /** Slots of a state so far. */
  get width(): number {
    return this.base.length;
  }

  /** Parts met so far, for reports: of the kernel, of threads, and words of memory. */
  get counts(): { readonly kernel: number; readonly threads: number; readonly words: number } {
    return {
      kernel: this.#kernelParts.size,
      threads: this.#threadParts.size,
      words: this.#slots.size,
    };
  }

  /** The slot of a thread's part. */
  slotOfThread(thread: number): number {
    return 1 + thread;
  }

  /** Takes the parts without memory down as what states start with. */
  begin(): void {
    for (let thread = 0; thread < this.#capacity; thread++)
      if (this.#machine.threads.process[thread]! > 0)
        throw new Unsuitable('words are named by their address in one process');
    this.base[KERNEL_SLOT] = this.#kernelPart();
    for (let thread = 0; thread < this.#capacity; thread++)
      this.base[this.slotOfThread(thread)] = this.#threadPart(thread, -1);
  }

  /** Whether an address is that of code, which does not change. */
  isCode(address: number): boolean {
    return this.#machine.programAt(address) !== undefined;
  }

  /** The slot of a word of memory, new where it was never accessed; -1 of code. */
  slotOfWord(address: number, capture: AccessCapture): number {
    const known = this.#slots.get(address);
    if (known !== undefined) return known;
    if (this.isCode(address)) return -1;
    const base = capture.found.get(address) ?? this.wordAtStart(address);
    const slot = this.base.push(base) - 1;
    this.#slots.set(address, slot);
    this.#addresses.push(address);
    this.onSlot(slot, base);
    return slot;
  }

  /** The thread that steps by the first decision of a script, or -1. */
  stepping([first]: readonly number[]): number {
    if (first === undefined || decisionKind(first as Decision) !== DecisionKind.Step) return -1;
    return this.#machine.cpus.current[decisionX(first as Decision)]!;
  }

  /** How the machine's parts differ from those of a state. */
  changes(words: Int32Array): PartChanges {
    const effects: number[] = [];
    const kernel = this.#kernelPart();
    if (kernel !== words[KERNEL_SLOT]) effects.push(KERNEL_SLOT, kernel);
    for (let thread = 0; thread < this.#capacity; thread++) {
      const part = this.#threadPart(thread, words[1 + thread]!);
      if (part !== words[1 + thread]) effects.push(1 + thread, part);
    }
    const isLocalTo = (thread: number): boolean =>
      effects.length === 0 || (effects.length === 2 && effects[0] === 1 + thread);
    return { effects, isLocalTo };
  }

  /** Slots that a transition in the kernel read, memory apart. */
  readByKernel(entered: number, { effects }: PartChanges): number[] {
    const reads = [KERNEL_SLOT];
    for (let thread = 0; thread < this.#capacity; thread++) {
      const slot = 1 + thread;
      let isRead = ((entered >>> thread) & 1) === 1;
      for (let at = 0; at < effects.length; at += 2) if (effects[at] === slot) isRead = true;
      if (isRead) reads.push(slot);
    }
    return reads;
  }

  /** Takes the machine back to a state; false where that takes the path there. */
  restore(words: Int32Array): boolean {
    const { back } = this.#machine.state;
    const { image, exited } = this.kernel[words[KERNEL_SLOT]!]!;
    if (image === undefined || exited !== back.exited) return false;
    for (const [index, address] of this.#addresses.entries())
      if (!back.setWord(address, words[1 + this.#capacity + index]!)) return false;
    const threads: ThreadImage[] = [];
    for (let thread = 0; thread < this.#capacity; thread++)
      threads.push(this.threads[words[1 + thread]!]!.image);
    back.restore(image, threads);
    return true;
  }

  /** Makes sure that the machine is in a state; a program that is not deterministic gets elsewhere. */
  verify(words: Int32Array): void {
    if (this.changes(words).effects.length > 0)
      throw new Unsuitable('the same decisions lead to another state');
    for (const [index, address] of this.#addresses.entries())
      if (this.#machine.state.wordOf(address) !== words[1 + this.#capacity + index])
        throw new Unsuitable('the same decisions lead to other words in memory');
  }

  #kernelPart(): number {
    const words = this.#words;
    words.length = 0;
    this.#machine.state.kernelWords(words);
    const part = this.#kernelParts.intern(words);
    if (part === this.kernel.length) {
      const { cpus } = this.#machine;
      this.kernel.push({
        current: Int32Array.from(cpus.possible, (cpu) => cpus.current[cpu]!),
        image: part < MOST_IMAGES ? this.#machine.state.back.kernelImage() : undefined,
        exited: this.#machine.state.back.exited,
      });
    }
    return part;
  }

  /** @param before the thread's part in the state that the machine comes from, -1 at the start */
  #threadPart(thread: number, before: number): number {
    const words = this.#words;
    words.length = 0;
    this.#machine.state.threadWords(thread, words);
    // Of a thread that has exited nothing is left, and nothing of what it received.
    const history = words.length === 2 ? 0 : this.#historyOf(words[0]!, words[1]!, before);
    words[0] = thread;
    words[1] = history;
    const part = this.#threadParts.intern(words);
    if (part === this.threads.length) this.threads.push(this.#threadFacts(thread, history));
    return part;
  }

  /** The node of a history that was `before`'s, and ends with these lanes. */
  #historyOf(low: number, high: number, before: number): number {
    const parent = before < 0 ? 0 : this.threads[before]!.history;
    const lanes = this.#lanes[parent]!;
    if (lanes[0] === low && lanes[1] === high) return parent;
    const children = (this.#children[parent] ??= new Map<string, number>());
    const name = `${low},${high}`;
    let node = children.get(name);
    if (node === undefined) {
      node = this.#lanes.push([low, high]) - 1;
      children.set(name, node);
    }
    return node;
  }

  #threadFacts(thread: number, history: number): ThreadFacts {
    const { state } = this.#machine;
    const { kind, opcode, address, value } = state.pending(thread);
    if (kind === OperationKind.Query && opcode !== CPU_NUMBER)
      throw new Unsuitable('clocks are in no part of a state');
    const known = { history, image: state.back.threadImage(thread) };
    if (kind === OperationKind.Await) {
      const awaits = this.#slots.get(address & ~3) ?? this.#newSlot(address);
      return { ...known, kind: 0, awaits, value };
    }
    return { ...known, kind: state.exitsUnseen(thread) ? 2 : 0, awaits: -1, value: 0 };
  }

  /** The slot of a word that a thread is to wait for and that nobody has accessed: it holds its base. */
  #newSlot(address: number): number {
    const base = this.#machine.state.wordOf(address);
    const slot = this.base.push(base) - 1;
    this.#slots.set(address, slot);
    this.#addresses.push(address);
    this.onSlot(slot, base);
    return slot;
  }
}
