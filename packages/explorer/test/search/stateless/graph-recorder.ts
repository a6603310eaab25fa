import { AccessKind, REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';

interface Attempt {
  /** Which operation of the thread it belongs to. */
  operation: number;
  /** How much of the thread's list was there before it. */
  start: number;
}

interface Word {
  /** Who wrote what is there now: a write of a thread, or a value that nobody's write explains. */
  writer: string | undefined;
  value: number;
  readonly order: string[];
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
  readonly #buffers = new Map<number, { word: number; writer: string | undefined }[]>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.events.on('abort', ({ thread }) => {
      const attempt = this.#attempts.get(thread);
      if (attempt?.operation === this.#operationOf(thread))
        this.#threads.get(thread)!.length = attempt.start;
    });
  }

  /** The graph as text. */
  get graph(): string {
    const threads = [...this.#threads].sort(([a], [b]) => a - b);
    const orders = [...this.#words]
      .sort(([a], [b]) => a - b)
      .map(([word, { order }]) => [word, order] as const)
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
    const own = `T${thread}.${position}`;
    const reads = kind !== AccessKind.Store;
    list.push(reads ? `${place}<-${this.#source(place, cpu, value)}` : `${place}`);
    if (kind === AccessKind.Store && this.#machine.buffersStores)
      this.#bufferOf(cpu).push({ word: place, writer: own });
    else if (kind === AccessKind.Store || kind === AccessKind.Update)
      this.#write(place, own, this.#machine.wordAt(physical));
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
    if (this.#machine.buffersStores) this.#bufferOf(cpu).push({ word: place, writer: undefined });
    else this.#write(place, undefined, this.#machine.wordAt(physical));
  }

  storeVisible(physical: number, _size: number, _low: number, cpu: number): void {
    const { word, writer } = this.#bufferOf(cpu).shift()!;
    this.#write(word, writer, this.#machine.wordAt(physical));
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
    if (own !== undefined) return own.writer ?? `=${value}`;
    const word = this.#words.get(place);
    return word?.writer !== undefined && word.value === value ? word.writer : `=${value}`;
  }

  #write(place: number, writer: string | undefined, value: number): void {
    const word = this.#words.get(place) ?? { writer: undefined, value: 0, order: [] };
    this.#words.set(place, word);
    word.value = value;
    if (writer !== undefined && word.order.at(-1) !== writer) word.order.push(writer);
    word.writer = writer;
  }

  #listOf(thread: number): string[] {
    let list = this.#threads.get(thread);
    if (list === undefined) this.#threads.set(thread, (list = []));
    const operation = this.#operationOf(thread);
    if (this.#attempts.get(thread)?.operation !== operation)
      this.#attempts.set(thread, { operation, start: list.length });
    return list;
  }

  #bufferOf(cpu: number): { word: number; writer: string | undefined }[] {
    let buffer = this.#buffers.get(cpu);
    if (buffer === undefined) this.#buffers.set(cpu, (buffer = []));
    return buffer;
  }

  #operationOf(thread: number): number {
    return this.#machine.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
  }
}
