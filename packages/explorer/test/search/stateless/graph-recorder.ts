import { AccessKind, REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';

interface Attempt {
  /** Which operation of the thread it belongs to. */
  operation: number;
  /** How much of the thread's list was there before it. */
  start: number;
}

interface Write {
  readonly writer: string;
  readonly thread: number;
  readonly position: number;
  readonly value: number;
}

interface Word {
  /** Writes of threads, oldest first, without those of aborted attempts. */
  order: Write[];
  /** What the kernel wrote since, if it did. */
  byKernel: boolean;
}

interface Buffered {
  readonly word: number;
  /** Undefined for a store of the kernel. */
  readonly write: Omit<Write, 'value'> | undefined;
  isTakenBack: boolean;
}

/**
 * Writes down the graph of program order, reads-from and coherence of a run, word for word: by
 * thread what each access read from, by word the order of its writes. What an aborted attempt did
 * is taken out again.
 */
export class GraphRecorder implements ShadowObserver {
  readonly #machine: Machine;
  readonly #threads = new Map<number, string[]>();
  readonly #attempts = new Map<number, Attempt>();
  readonly #words = new Map<number, Word>();
  readonly #buffers = new Map<number, Buffered[]>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.events.on('abort', ({ thread }) => {
      const attempt = this.#attempts.get(thread);
      if (attempt?.operation === this.#operationOf(thread)) this.#takeBack(thread, attempt.start);
    });
  }

  /** The graph as text. */
  get graph(): string {
    const threads = [...this.#threads].sort(([a], [b]) => a - b);
    const orders = [...this.#words]
      .sort(([a], [b]) => a - b)
      .map(([word, { order }]) => [word, order.map(({ writer }) => writer)] as const)
      .filter(([, order]) => order.length > 0);
    return JSON.stringify([threads, orders]);
  }

  reset(): void {
    this.#threads.clear();
    this.#attempts.clear();
    this.#words.clear();
    this.#buffers.clear();
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    _size: number,
    value: number,
    cpu: number,
    thread: number,
  ): void {
    const place = this.#machine.locationKey(physical);
    const list = this.#listOf(thread);
    const position = list.length;
    const own = { writer: `T${thread}.${position}`, thread, position };
    const reads = kind !== AccessKind.Store;
    list.push(reads ? `${place}<-${this.#source(place, cpu, value)}` : `${place}`);
    if (kind === AccessKind.Store && this.#machine.buffersStores)
      this.#bufferOf(cpu).push({ word: place, write: own, isTakenBack: false });
    else if (kind === AccessKind.Store || kind === AccessKind.Update)
      this.#write(place, { ...own, value: this.#machine.wordAt(physical) });
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    _size: number,
    _value: number,
    cpu: number,
  ): void {
    if (kind !== AccessKind.Store) return;
    const place = this.#machine.locationKey(physical);
    if (this.#machine.buffersStores)
      this.#bufferOf(cpu).push({ word: place, write: undefined, isTakenBack: false });
    else this.#wordOf(place).byKernel = true;
  }

  storeVisible(physical: number, _size: number, _low: number, cpu: number): void {
    const { word, write, isTakenBack } = this.#bufferOf(cpu).shift()!;
    if (write === undefined) this.#wordOf(word).byKernel = true;
    else if (!isTakenBack) this.#write(word, { ...write, value: this.#machine.wordAt(physical) });
  }

  onFence(): void {
    // Not part of the graph.
  }

  frameCopied(): void {
    // Words are named by their place.
  }

  frameFreed(): void {
    // As above.
  }

  #source(place: number, cpu: number, value: number): string {
    const own = this.#bufferOf(cpu)
      .filter(({ word }) => word === place)
      .at(-1);
    if (own !== undefined) return own.write?.writer ?? `=${value}`;
    const { order, byKernel } = this.#wordOf(place);
    const last = order.at(-1);
    return !byKernel && last?.value === value ? last.writer : `=${value}`;
  }

  #write(place: number, write: Write): void {
    const word = this.#wordOf(place);
    word.order.push(write);
    word.byKernel = false;
  }

  #takeBack(thread: number, start: number): void {
    this.#threads.get(thread)!.length = start;
    const isOwn = (write: Omit<Write, 'value'>): boolean =>
      write.thread === thread && write.position >= start;
    for (const word of this.#words.values()) {
      if (!word.order.some(isOwn)) continue;
      word.order = word.order.filter((write) => !isOwn(write));
      word.byKernel = false;
    }
    for (const buffer of this.#buffers.values())
      for (const entry of buffer)
        if (entry.write !== undefined && isOwn(entry.write)) entry.isTakenBack = true;
  }

  #wordOf(place: number): Word {
    let word = this.#words.get(place);
    if (word === undefined) this.#words.set(place, (word = { order: [], byKernel: false }));
    return word;
  }

  #listOf(thread: number): string[] {
    let list = this.#threads.get(thread);
    if (list === undefined) this.#threads.set(thread, (list = []));
    const operation = this.#operationOf(thread);
    if (this.#attempts.get(thread)?.operation !== operation)
      this.#attempts.set(thread, { operation, start: list.length });
    return list;
  }

  #bufferOf(cpu: number): Buffered[] {
    let buffer = this.#buffers.get(cpu);
    if (buffer === undefined) this.#buffers.set(cpu, (buffer = []));
    return buffer;
  }

  #operationOf(thread: number): number {
    return this.#machine.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
  }
}
