import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { NOBODY } from './tolerant-director.js';

/** A schedule, with the thread of every step. */
export interface Schedule {
  readonly decisions: readonly number[];
  /** The thread of every step, NOBODY elsewhere. */
  readonly actors: readonly number[];
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly actor: number;
}

/** Beginnings of the schedule, shortest first: what follows is then up to the director. */
export function* beginnings({ decisions }: Schedule): Generator<readonly number[]> {
  const { length } = decisions;
  yield [];
  for (let part = 8; part > 1; part /= 2) yield decisions.slice(0, Math.floor(length / part));
  for (let end = length - 1; end > length - 4 && end > 0; end--) yield decisions.slice(0, end);
}

/** The schedule with the steps of a thread together that others' steps are between. */
export function* joinedBlocks({ decisions, actors }: Schedule): Generator<readonly number[]> {
  const blocks = blocksOf(actors);
  for (const [index, block] of blocks.entries()) {
    if (block.actor === NOBODY) continue;
    const next = blocks.findIndex((other, at) => at > index + 1 && other.actor === block.actor);
    if (next < 0) continue;
    const { start, end } = blocks[next]!;
    const between = decisions.slice(block.end, start);
    const before = decisions.slice(0, block.start);
    const own = decisions.slice(block.start, block.end);
    const later = decisions.slice(start, end);
    const rest = decisions.slice(end);
    yield [...before, ...own, ...later, ...between, ...rest];
    yield [...before, ...between, ...own, ...later, ...rest];
  }
}

/** The schedule without some of its kernel events: all of them, halves, quarters, single ones. */
export function* fewerEvents({ decisions }: Schedule): Generator<readonly number[]> {
  const events = decisions.flatMap((decision, at) =>
    isKernelEvent(decision as Decision) ? [at] : [],
  );
  for (const [from, to] of chunksOf(events.length)) {
    const dropped = new Set(events.slice(from, to));
    yield decisions.filter((_, at) => !dropped.has(at));
  }
}

/** The schedule without some of its decisions: halves, quarters, down to single ones. */
export function* fewerDecisions({ decisions }: Schedule): Generator<readonly number[]> {
  for (const [from, to] of chunksOf(decisions.length))
    yield [...decisions.slice(0, from), ...decisions.slice(to)];
}

/** The schedule with whole turns of a thread left out. */
export function* fewerBlocks({ decisions, actors }: Schedule): Generator<readonly number[]> {
  for (const { start, end } of blocksOf(actors))
    yield [...decisions.slice(0, start), ...decisions.slice(end)];
}

/** Parts of a list, largest first; of equal ones the last first. */
function* chunksOf(length: number): Generator<readonly [from: number, to: number]> {
  for (let size = length; size >= 1; size = Math.floor(size / 2))
    for (let to = length; to > 0; to -= size) yield [Math.max(0, to - size), to];
}

function blocksOf(actors: readonly number[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let start = 0, end = 0; start < actors.length; start = end) {
    while (end < actors.length && actors[end] === actors[start]) end += 1;
    blocks.push({ start, end, actor: actors[start]! });
  }
  return blocks;
}
