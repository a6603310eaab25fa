import { successorsOf } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';

/**
 * Instructions on the longest path from an entry to `ret`, whatever the kernel does: from every
 * instruction of a section the abort handler may be next. Infinity when a path goes in a circle.
 */
export function longestPath(program: Program, entry: string): number {
  const known = new Map<number, number>();
  const open = new Set<number>();
  const from = (offset: number): number => {
    if (open.has(offset)) return Infinity;
    const before = known.get(offset);
    if (before !== undefined) return before;
    open.add(offset);
    const section = program.sections.find(
      ({ start, postCommit }) => offset >= start && offset < postCommit,
    );
    const next = [
      ...successorsOf(program, offset),
      ...(section === undefined ? [] : [section.abort]),
    ];
    const length = 1 + Math.max(0, ...next.map(from));
    open.delete(offset);
    known.set(offset, length);
    return length;
  };
  return from(program.offsetOf(entry));
}
