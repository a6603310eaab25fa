import type { Machine, StateImage, ThreadImage } from '@rseqlab/sim-machine';
import type { AccessCapture } from './access-capture.js';
import { KernelParts } from './kernel-parts.js';
import { MarkLists } from './mark-lists.js';
import { StateLayout } from './state-layout.js';
import { ThreadParts } from './thread-parts.js';
import { Unsuitable } from './unsuitable.js';

/** A {@link StateImage} that is made again and again. */
interface RestoredImage extends StateImage {
  columns: StateImage['columns'];
  common: Int32Array;
  readonly ofThreads: Int32Array[];
  readonly ofCpus: Int32Array[];
  readonly threads: ThreadImage[];
  readonly entries: Int32Array[];
}

/** States as words: see {@link StateLayout}; words of memory each from its first access on. */
export class StateParts {
  readonly layout: StateLayout;
  readonly kernel: KernelParts;
  readonly threads: ThreadParts;
  readonly marks: MarkLists;
  /** What every slot holds at the start. */
  readonly base: number[] = [];
  /** The machine's parts as of {@link look}, by slot, memory apart. */
  readonly present: Int32Array;
  readonly #machine: Machine;
  readonly #image: RestoredImage = {
    columns: [],
    common: new Int32Array(0),
    ofThreads: [],
    ofCpus: [],
    threads: [],
    entries: [],
  };
  readonly #slots = new Map<number, number>();
  readonly #addresses: number[] = [];
  /** Called for a slot that is new; its base is known by then. */
  onSlot: (slot: number, base: number) => void = () => undefined;
  /** What a word holds at the start, from a run of its own. */
  wordAtStart: (address: number) => number = () => 0;

  /** @param machine with the threads that it is to have all along */
  constructor(machine: Machine) {
    this.#machine = machine;
    const layout = (this.layout = new StateLayout(machine.state.threads, machine.cpus.capacity));
    this.kernel = new KernelParts(machine, layout);
    this.threads = new ThreadParts(machine);
    this.marks = new MarkLists(machine.state.phases);
    this.present = new Int32Array(layout.memory);
  }

  /** Parts met so far, for reports: of the kernel, of threads, and words of memory. */
  get counts(): { readonly kernel: number; readonly threads: number; readonly words: number } {
    return {
      kernel: this.kernel.all.length,
      threads: this.threads.facts.length,
      words: this.#slots.size,
    };
  }

  /** Takes the machine's parts down as what states start with. */
  begin(): void {
    const { threads, memory } = this.layout;
    for (let thread = 0; thread < threads; thread++)
      if (this.#machine.threads.process[thread]! > 0)
        throw new Unsuitable('words are named by their address in one process');
    this.look(undefined);
    for (let slot = 0; slot < memory; slot++) this.base[slot] = this.present[slot]!;
  }

  /** Takes the machine's parts down; `words` is the state that it comes from, undefined at the start. */
  look(words: Int32Array | undefined): void {
    const { layout, present, threads } = this;
    if (this.#machine.state.threads !== layout.threads)
      throw new Unsuitable('there are other threads than at the start');
    present[layout.kernel] = this.kernel.look();
    present[layout.marks] = this.marks.look();
    this.kernel.derive(present);
    for (let thread = 0; thread < layout.threads; thread++) {
      const slot = layout.thread(thread);
      present[slot] = threads.look(thread, words === undefined ? -1 : words[slot]!);
      present[layout.entry(thread)] = threads.lookAtEntry(thread);
    }
  }

  /** Whether an address is that of code, which does not change. */
  isCode(address: number): boolean {
    return !this.#slots.has(address) && this.#machine.programAt(address) !== undefined;
  }

  /** The address of the word that a slot of memory holds. */
  addressOf(slot: number): number {
    return this.#addresses[slot - this.layout.memory]!;
  }

  /** The slot of a word of memory, new where it was never accessed; -1 of code. */
  slotOfWord(address: number, capture?: AccessCapture): number {
    const known = this.#slots.get(address);
    if (known !== undefined) return known;
    if (this.isCode(address)) return -1;
    const base = capture?.baseOf(address) ?? this.wordAtStart(address);
    const slot = this.base.push(base) - 1;
    this.#slots.set(address, slot);
    this.#addresses.push(address);
    this.onSlot(slot, base);
    return slot;
  }

  /** Takes the machine back to a state; false where that takes the path there. */
  restore(words: Int32Array): boolean {
    const { layout, kernel, threads } = this;
    const { back, phases } = this.#machine.state;
    const { columns } = kernel.all[words[layout.kernel]!]!;
    if (columns === undefined) return false;
    for (let i = 0; i < this.#addresses.length; i++)
      if (!back.setWord(this.#addresses[i]!, words[layout.memory + i]!)) return false;
    const image = this.#image;
    image.columns = columns;
    image.common = kernel.common[words[layout.common]!]!;
    for (let cpu = 0; cpu < layout.cpus; cpu++)
      image.ofCpus[cpu] = kernel.cpus[words[layout.cpu(cpu)]!]!.image;
    for (let thread = 0; thread < layout.threads; thread++) {
      image.ofThreads[thread] = kernel.own[words[layout.own(thread)]!]!.image;
      image.threads[thread] = threads.facts[words[layout.thread(thread)]!]!.image;
      image.entries[thread] = threads.entries[words[layout.entry(thread)]!]!;
    }
    back.restore(image);
    phases.setMarks(this.marks.at(words[layout.marks]!));
    return true;
  }

  /** Makes sure that the machine is in a state; a program that is not deterministic gets elsewhere. */
  verify(words: Int32Array): void {
    this.look(words);
    for (let slot = 0; slot < this.layout.memory; slot++)
      if (this.present[slot] !== words[slot] && !this.#isOfNoConsequence(slot, words))
        throw new Unsuitable('the same decisions lead to another state');
    for (const [index, address] of this.#addresses.entries())
      if (this.#machine.state.wordOf(address) !== words[this.layout.memory + index])
        throw new Unsuitable('the same decisions lead to other words in memory');
  }

  /** How a thread came into the kernel counts only while it is there. */
  #isOfNoConsequence(slot: number, words: Int32Array): boolean {
    const thread = slot - this.layout.entry(0);
    const inKernel = this.kernel.inKernel(words[this.layout.kernel]!);
    return thread >= 0 && ((inKernel >>> thread) & 1) === 0;
  }
}
