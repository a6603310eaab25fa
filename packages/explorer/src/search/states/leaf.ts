import type { Combinations } from './combinations.js';
import type { StateLayout } from './state-layout.js';

/** Stands for a field that a phase leaves as it is. */
export const SAME = -1;

/**
 * What a phase changes, as words one behind the other:
 *
 * | field             | holds                                                                     |
 * | ----------------- | ------------------------------------------------------------------------- |
 * | `Kernel`          | number of all that the kernel keeps, or {@link SAME}                       |
 * | `Owner`, `Own`    | the thread of which the kernel keeps something else, or {@link SAME}; that |
 * | `Marks`           | number of the list of marks, or {@link SAME}                               |
 * | `Entries`         | change of how threads came into the kernel                                |
 * | `Memory`          | change of words of memory                                                 |
 * | `End`             | where all changes end                                                     |
 * | from `First` on   | (thread, number of its part)                                              |
 */
export const LeafField = {
  Kernel: 0,
  Owner: 1,
  Own: 2,
  Marks: 3,
  Entries: 4,
  Memory: 5,
  End: 6,
  First: 7,
} as const;

/** The leaf of effects: (slot, value), one behind the other. */
export function leafOf(
  effects: readonly number[],
  layout: StateLayout,
  entries: Combinations,
  memory: Combinations,
): number[] {
  const leaf: number[] = [SAME, SAME, 0, SAME, 0, 0, 0];
  const ofEntries: number[] = [];
  const ofMemory: number[] = [];
  for (let at = 0; at < effects.length; at += 2) {
    const slot = effects[at]!;
    const value = effects[at + 1]!;
    const owner = layout.ownerOf(slot);
    if (slot === layout.kernel) leaf[LeafField.Kernel] = value;
    else if (slot === layout.marks) leaf[LeafField.Marks] = value;
    else if (owner >= 0) {
      leaf[LeafField.Owner] = owner;
      leaf[LeafField.Own] = value;
    } else if (slot < layout.entry(0)) leaf.push(slot - layout.thread(0), value);
    else if (slot < layout.memory) ofEntries.push(slot - layout.entry(0), value);
    else ofMemory.push(slot - layout.memory, value);
  }
  leaf[LeafField.Entries] = entries.change(ofEntries);
  leaf[LeafField.Memory] = memory.change(ofMemory);
  leaf[LeafField.End] = leaf.length;
  return leaf;
}
