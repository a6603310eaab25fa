import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { counterStates, counterStatesAnew } from '../workload/counter-states.js';
import { SpinYardstick } from '../yardstick/spin-yardstick.js';
import type { CounterInstance } from '../yardstick/spin-yardstick.js';

/** What Spin 6.5.2 counts of rseq-counter.pml, without the state before the first thread runs. */
const COUNTED: readonly (CounterInstance & { readonly states: number })[] = [
  { threads: 2, adds: 1, kernelEvents: 0, states: 35 },
  { threads: 2, adds: 1, kernelEvents: 1, states: 97 },
  { threads: 2, adds: 1, kernelEvents: 2, states: 409 },
  { threads: 3, adds: 1, kernelEvents: 0, states: 122 },
  { threads: 3, adds: 1, kernelEvents: 1, states: 1025 },
];

const sources = fileURLToPath(new URL('../yardstick/', import.meta.url));

describe.each(COUNTED)('$threads threads, $adds adds, $kernelEvents events', (instance) => {
  it('have the states that the Promela model has, also when they are searched again', () => {
    for (const search of [counterStates(instance), counterStatesAnew(instance)])
      for (const time of ['first', 'second'])
        expect(search(), time).toMatchObject({ end: 'bounded', states: instance.states });
  });

  it.skipIf(!SpinYardstick.isPresent)(
    'are counted so by Spin (skipped where spin or gcc is missing)',
    async () => {
      const spin = new SpinYardstick(sources, instance);
      try {
        const { counts } = await spin.measure();
        expect(counts).toMatchObject({ states: instance.states, errors: 0 });
      } finally {
        spin.close();
      }
    },
  );
});
