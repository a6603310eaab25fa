/** Paths with one number of kernel events that share their beginnings: a tree. Plain data. */
export interface PackedPaths {
  /** Kernel events on each path. */
  readonly events: number;
  /** Of every node: the one before it, which has a lower number, or -1 for the start. */
  readonly parents: readonly number[];
  /** Of every node: a decision, or an answer that was given in the middle of one. */
  readonly words: readonly number[];
  /** The nodes at which paths end, -1 for the path of nothing. */
  readonly ends: readonly number[];
}

/** One path as a tree. */
export function packedPath(words: readonly number[], events: number): PackedPaths {
  return { events, words, parents: words.map((_, i) => i - 1), ends: [words.length - 1] };
}

/** Puts trees of paths with one number of kernel events side by side, at least so many paths in each. */
export function joinedPaths(all: readonly PackedPaths[], atLeast: number): PackedPaths[] {
  const joined: PackedPaths[] = [];
  let open: PackedPaths[] = [];
  let paths = 0;
  for (const one of all) {
    open.push(one);
    paths += one.ends.length;
    if (paths < atLeast) continue;
    joined.push(sideBySide(open));
    open = [];
    paths = 0;
  }
  if (open.length > 0) joined.push(sideBySide(open));
  return joined;
}

function sideBySide(all: readonly PackedPaths[]): PackedPaths {
  const parents: number[] = [];
  const words: number[] = [];
  const ends: number[] = [];
  for (const one of all) {
    const shift = words.length;
    const moved = (node: number): number => (node < 0 ? node : node + shift);
    for (const parent of one.parents) parents.push(moved(parent));
    for (const end of one.ends) ends.push(moved(end));
    for (const word of one.words) words.push(word);
  }
  return { events: all[0]!.events, parents, words, ends };
}
