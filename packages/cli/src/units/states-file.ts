import { requireIdentity, restoredStates, savedHead, savedWords } from '@rseqlab/explorer';
import type { PlanIdentity, SavedHead, SearchShape, SearchedStates } from '@rseqlab/explorer';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writingTo } from '../whole-file.js';
import { naming } from './plan-file.js';
import { readSealed, writeSealed } from './sealed-file.js';

/** What the file is to the user. */
const WHAT = 'resume file';

/** The first chunk of the file: JSON. */
interface Head {
  readonly identity: PlanIdentity;
  readonly saved: SavedHead;
}

/** Whose states they are, and how large. */
interface StatesOf {
  readonly identity: PlanIdentity;
  readonly shape: SearchShape;
}

/** No bytes: the end of a section. */
const END = new Uint8Array(0);

/**
 * Writes a search of states to a file: what it is of, then words as they lie in memory, section by section.
 *
 * @returns bytes of the file
 * @throws CommandError when it cannot be written
 */
export function writeStates(
  file: string,
  folder: string,
  of: StatesOf,
  states: SearchedStates,
): number {
  return writingTo(file, () => writeSealed(resolve(folder, file), chunksOf(of, states)));
}

function* chunksOf({ identity, shape }: StatesOf, states: SearchedStates): Generator<Uint8Array> {
  const head: Head = { identity, saved: savedHead(states, shape) };
  yield Buffer.from(JSON.stringify(head));
  for (const section of savedWords(states, shape)) {
    for (const { buffer, byteOffset, byteLength } of section)
      yield new Uint8Array(buffer, byteOffset, byteLength);
    yield END;
  }
}

/**
 * Reads a search of states back; undefined where there is no such file.
 *
 * @throws CommandError when the file is damaged, or of other work; RangeError where there is no memory for it
 */
export function readStates(
  file: string,
  folder: string,
  { identity, shape }: StatesOf,
): SearchedStates | undefined {
  const path = resolve(folder, file);
  if (!existsSync(path)) return undefined;
  return readSealed(path, file, WHAT, (read) => {
    const head = JSON.parse(Buffer.from(read()).toString()) as Head;
    naming(file, () => requireIdentity(head.identity, identity, WHAT));
    return restoredStates(head.saved, shape, () => {
      const { buffer, byteOffset, byteLength } = read();
      return byteLength === 0 ? undefined : new Int32Array(buffer, byteOffset, byteLength / 4);
    });
  });
}
