import { cellAt, type BufferedStore, type OracleState, type ThreadState } from './oracle-state.js';

/** The memory models that the oracle enumerates. */
export type OracleModel = 'sc' | 'tso';

/** The state with one thread replaced. */
export function withThread(
  state: OracleState,
  thread: number,
  change: Partial<ThreadState>,
): OracleState {
  const threads = state.threads.map((old, index) =>
    index === thread ? { ...old, ...change } : old,
  );
  return { ...state, threads };
}

/** What a thread's load sees: undefined while it has to wait for its own buffer. */
export function load(
  state: OracleState,
  thread: number,
  address: number,
  sizeBytes: number,
): number | undefined {
  for (const store of [...state.threads[thread]!.buffer].reverse()) {
    const start = address - store.address;
    if (start >= store.sizeBytes || -start >= sizeBytes) continue;
    if (start < 0 || start + sizeBytes > store.sizeBytes) return undefined;
    return extract(store.value, start, sizeBytes);
  }
  const { index, offsetBytes } = cellAt(address);
  const word = state.memory[index];
  if (word === undefined || offsetBytes + sizeBytes > 4)
    throw new Error(`the oracle knows no memory at ${address.toString(16)}`);
  return extract(word, offsetBytes, sizeBytes);
}

/** A thread's store: at once under sc, into its buffer under tso. */
export function store(
  state: OracleState,
  thread: number,
  entry: BufferedStore,
  model: OracleModel,
): OracleState {
  if (model === 'sc') return commit(state, entry);
  const { buffer } = state.threads[thread]!;
  return withThread(state, thread, { buffer: [...buffer, entry] });
}

/** The state with a store in memory. */
export function commit(
  state: OracleState,
  { address, sizeBytes, value }: BufferedStore,
): OracleState {
  const { index, offsetBytes } = cellAt(address);
  const old = state.memory[index];
  if (old === undefined || offsetBytes + sizeBytes > 4)
    throw new Error(`the oracle knows no memory at ${address.toString(16)}`);
  const mask = sizeBytes === 4 ? -1 : ((1 << (sizeBytes * 8)) - 1) << (offsetBytes * 8);
  const word = (old & ~mask) | ((value << (offsetBytes * 8)) & mask);
  return { ...state, memory: state.memory.map((kept, at) => (at === index ? word : kept)) };
}

function extract(word: number, offsetBytes: number, sizeBytes: number): number {
  const shift = 32 - sizeBytes * 8;
  return (((word >>> (offsetBytes * 8)) << shift) >> shift) | 0;
}
