import { NOTHING } from '../plan/nothing.js';
import type { PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import type { GraphNotes } from './graph-unit.js';

/** Bits of the number of kernel events that are possible in a state. */
const EVENT_MASK = 0xffff;

/**
 * Puts together what parts met: all counts are those of a search that is not cut.
 *
 * @param bound - most kernel events of a path
 */
export function mergeGraphs(parts: readonly GraphNotes[], bound: number): PassResult {
  if (parts.length === 0) return NOTHING;
  const states = new FingerprintSet();
  // The first path, and all that were put off.
  let executions = 1;
  let isBounded = false;
  let most = parts.reduce((max, part) => Math.max(max, part.mostEvents), 0);
  const layers = parts.reduce((max, part) => Math.max(max, part.states.length), 0);
  for (let events = 0; events < layers; events++)
    for (const part of parts) {
      const words = part.states[events] ?? [];
      for (let at = 0; at < words.length; at += 3) {
        if (!states.add(words[at]!, words[at + 1]!)) continue;
        if (events > most) most = events;
        const own = words[at + 2]! >>> 16;
        const injected = words[at + 2]! & EVENT_MASK;
        executions += Math.max(0, own - 1);
        if (events < bound) executions += injected;
        else isBounded ||= injected > 0;
      }
    }
  const questions = new FingerprintSet();
  for (const { questions: words } of parts)
    for (let at = 0; at < words.length; at += 3)
      if (questions.add(words[at]!, words[at + 1]!)) executions += words[at + 2]!;
  return {
    end: isBounded ? 'bounded' : 'all',
    executions,
    classes: distinct(parts.map(({ classes }) => classes)),
    blocked: distinct(parts.map(({ blocked }) => blocked)),
    states: states.size,
    kernelEvents: most,
  };
}

function distinct(lists: readonly (readonly number[])[]): number {
  const seen = new FingerprintSet();
  for (const list of lists) seen.addAll(list);
  return seen.size;
}
