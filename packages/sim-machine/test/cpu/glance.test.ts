import { expect, it } from 'vitest';
import { RandomDirector } from '../../src/director/random-director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import type { Operation } from '../../src/kernel/operation.js';
import type { Thread } from '../../src/kernel/thread.js';
import { Machine } from '../../src/machine.js';
import { XEON_E5_2630V3 } from '../../src/cpu/cost-machines.js';
import type { MachineConfig } from '../../src/machine-config.js';

type Load = (t: Thread, address: number) => Operation<number>;

function* asOperation(t: Thread, address: number): Operation<number> {
  return yield* t.load(address);
}

let glances = 0;

function* atAGlance(t: Thread, address: number): Operation<number> {
  if (t.isZeroNow(address)) {
    glances += 1;
    return 0;
  }
  const word = t.loadNow(address);
  if (word === undefined) return yield* t.load(address);
  glances += 1;
  return word;
}

/** A thread that raises and lowers a word, and two that look at it; everything that can be told of the run. */
function runOf(load: Load, config: MachineConfig, seed?: number): unknown {
  const director = seed === undefined ? new TimedDirector() : new RandomDirector({ seed });
  const machine = new Machine({ cpus: 2, memoryBytes: 2 ** 22, ...config }, director);
  const process = machine.createProcess('main');
  const word = process.allocate(4);
  const seen: number[] = [];
  process.spawn(function* writer(t) {
    for (let n = 0; n < 20; n++) yield* t.store(word, n & 1);
    yield* t.store(word, 0);
  });
  for (let reader = 0; reader < 2; reader++)
    process.spawn(function* looking(t) {
      for (let n = 0; n < 40; n++) seen.push(yield* load(t, word));
    });
  const { steps, cycles, outcome } = machine.run();
  return { steps, cycles, outcome, seen, decisions: [...machine.decisions] };
}

it('finds what a load finds, in as many steps, whatever comes in between', () => {
  glances = 0;
  for (const seed of [undefined, ...Array.from({ length: 6 }, (_, n) => n)])
    expect(runOf(atAGlance, {}, seed), `seed ${seed}`).toEqual(runOf(asOperation, {}, seed));
  expect(glances).toBeGreaterThan(0);
});

it.each<[string, MachineConfig]>([
  ['buffer stores', { memory: 'tso' }],
  ['let loads look back', { memory: 'weak' }],
  ['price accesses', { cost: XEON_E5_2630V3 }],
  ['look for races', { shadow: true }],
  ['tell states apart', { fingerprint: true }],
])('leaves every load to machines that %s', (_, config) => {
  glances = 0;
  runOf(atAGlance, config);
  expect(glances).toBe(0);
});
