import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../src/director/random-director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import { madvise } from '../../src/kernel/libc/memory.js';
import { pthreadCreate } from '../../src/kernel/libc/threads.js';
import { nanosleep } from '../../src/kernel/libc/time.js';
import type { Operation } from '../../src/kernel/operation.js';
import type { Thread } from '../../src/kernel/thread.js';
import { Advice } from '../../src/memory/mapping-flags.js';
import { WatchedWord } from '../../src/cpu/watched-word.js';
import { Machine } from '../../src/machine.js';
import { XEON_E5_2630V3 } from '../../src/cpu/cost-machines.js';
import type { MachineConfig } from '../../src/machine-config.js';

type Load = (t: Thread, address: number) => Operation<number>;

function* asOperation(t: Thread, address: number): Operation<number> {
  return yield* t.load(address);
}

let glances = 0;

/** A load that knows where it found its word before. */
function glancing(): Load {
  let word: WatchedWord | undefined;
  return function* atAGlance(t, address) {
    word ??= new WatchedWord(address);
    if (t.isZeroNow(word)) {
      glances += 1;
      return 0;
    }
    const value = t.loadNow(word);
    if (value === undefined) return yield* t.load(address);
    glances += 1;
    return value;
  };
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
    expect(runOf(glancing(), {}, seed), `seed ${seed}`).toEqual(runOf(asOperation, {}, seed));
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
  runOf(glancing(), config);
  expect(glances).toBe(0);
});

describe('a word is looked for anew', () => {
  it('once its page was taken away', () => {
    const machine = new Machine({ cpus: 1, memoryBytes: 2 ** 22 }, new TimedDirector());
    const process = machine.createProcess('main');
    const page = process.map(4096);
    const word = new WatchedWord(page);
    const told: unknown[] = [];
    process.spawn(function* looking(t) {
      yield* t.store(page + 4, 1);
      told.push(t.isZeroNow(word), t.isZeroNow(word), t.loadNow(word));
      yield* madvise(t, page, 4096, Advice.DontNeed);
      told.push(t.isZeroNow(word), t.loadNow(word));
      yield* t.store(page, 2);
      told.push(t.isZeroNow(word), t.loadNow(word));
    });
    machine.run();
    expect(told).toEqual([false, true, 0, false, undefined, false, 2]);
  });

  it('by a thread of another process in the slot of one that has found it', () => {
    const machine = new Machine({ cpus: 1, memoryBytes: 2 ** 22 }, new TimedDirector());
    const [one, two] = [machine.createProcess('one'), machine.createProcess('two')];
    const word = new WatchedWord(one.allocate(4));
    expect(two.allocate(4)).toBe(word.address);
    const told: unknown[] = [];
    const slots: number[] = [];
    // Its address space is to stay.
    one.spawn(function* staying(t) {
      yield* nanosleep(t, 1e9);
    });
    two.spawn(function* later(t) {
      yield* t.store(word.address, 1);
      yield* nanosleep(t, 1e6);
      yield* pthreadCreate(t, function* second(own) {
        slots.push(own.id);
        told.push(own.isZeroNow(word), own.loadNow(word), own.isZeroNow(word));
      });
    });
    one.spawn(function* first(t) {
      slots.push(t.id);
      yield* t.load(word.address);
      told.push(t.loadNow(word), t.isZeroNow(word));
    });
    machine.run();
    expect(slots[1]).toBe(slots[0]);
    expect(told).toEqual([0, true, false, 1, false]);
  });
});
