import type { PassCounts } from '../../exhaustive-pass.js';
import type { WordFacts } from '../word-owners.js';
import { PIECE_WORDS, piecesOf } from './edge-log.js';
import { joinedWords } from './joined-words.js';
import type { LanePass } from './lane-round.js';
import { PartRegistry } from './part-registry.js';
import type { SearchShape } from './search-memory.js';
import { SharedStore } from './shared-store.js';
import type { SearchedStates } from './state-rounds.js';
import { WorkPool } from './work-pool.js';

/** Words that are handed over at a time. */
const CHUNK_WORDS = 1 << 16;

/** What of a search that is kept is no list of words: JSON data. */
export interface SavedHead {
  /** The pass that it is in. */
  readonly pass: LanePass;
  /** Kernel events on the way to the states that are searched. */
  readonly layer: number;
  /** Counts so far. */
  readonly counts: PassCounts;
  /** Whether a kernel event was not taken as there were too many on the way. */
  readonly isBounded: boolean;
  /** What is known of words of memory. */
  readonly owners: readonly WordFacts[];
  /** Words of the parts of states. */
  readonly parts: number;
  /** Room for states. */
  readonly capacity: number;
  /** Words of the transitions that each thread took. */
  readonly edges: readonly number[];
}

/** Takes the next words of a section that is read; undefined at its end. */
export type ReadChunk = () => Int32Array | undefined;

/** What is to be kept of a search besides words. */
export function savedHead(states: SearchedStates, { keyWords }: SearchShape): SavedHead {
  const { memory, pass, layer, counts, isBounded, owners, edges } = states;
  return {
    pass,
    layer,
    counts,
    isBounded,
    owners,
    parts: new PartRegistry(memory.parts).used.length,
    capacity: new SharedStore(keyWords, memory.states).capacity,
    edges: edges.map(({ length }) => length),
  };
}

/**
 * The words that are to be kept of a search, section by section, each in chunks: parts, states, how the search came to
 * them, transitions, and what is still to be done.
 */
export function savedWords(
  { memory, edges, states }: SearchedStates,
  { keyWords }: SearchShape,
): readonly Iterable<Int32Array>[] {
  const store = new SharedStore(keyWords, memory.states);
  return [
    inChunks(new PartRegistry(memory.parts).used),
    store.takenPlaces(),
    inChunks(store.used),
    edges.flatMap((record) => piecesOf(record)),
    inChunks(states.open),
    inChunks(states.waiting),
  ];
}

/**
 * Makes what a search goes on from of what was kept.
 *
 * @param read of one section after the other
 * @throws RangeError where there is no memory
 */
export function restoredStates(
  { parts, capacity, edges, ...head }: SavedHead,
  { keyWords, stateWords }: SearchShape,
  read: ReadChunk,
): SearchedStates {
  const registry = PartRegistry.memory(parts * 2);
  fill(new Int32Array(registry), read);
  const states = SharedStore.memory(keyWords, capacity);
  const store = new SharedStore(keyWords, states);
  for (let chunk = read(); chunk !== undefined; chunk = read()) store.putAll(chunk);
  fill(new Int32Array(states.fields), read);
  const records = edges.map((length) => ({ pieces: [] as SharedArrayBuffer[], length }));
  for (const { pieces, length } of records)
    for (let left = length; left > 0; left -= PIECE_WORDS) pieces.push(pieceOf(read()!));
  read();
  return {
    memory: { parts: registry, states, pool: WorkPool.memory(stateWords) },
    ...head,
    edges: records,
    states: { open: gathered(read), waiting: gathered(read) },
  };
}

function* inChunks(words: Int32Array): Generator<Int32Array> {
  for (let at = 0; at < words.length; at += CHUNK_WORDS) yield words.subarray(at, at + CHUNK_WORDS);
}

function fill(words: Int32Array, read: ReadChunk): void {
  let at = 0;
  for (let chunk = read(); chunk !== undefined; chunk = read()) {
    words.set(chunk, at);
    at += chunk.length;
  }
}

function pieceOf(words: Int32Array): SharedArrayBuffer {
  const piece = new SharedArrayBuffer(PIECE_WORDS * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(piece).set(words);
  return piece;
}

function gathered(read: ReadChunk): Int32Array {
  const chunks: Int32Array[] = [];
  for (let chunk = read(); chunk !== undefined; chunk = read()) chunks.push(chunk.slice());
  return joinedWords(chunks);
}
