import { describe, expect, expectTypeOf, it } from 'vitest';
import { TimedDirector } from '../../../src/director/timed-director.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Process } from '../../../src/kernel/process.js';
import type { Thread, ThreadBody } from '../../../src/kernel/thread.js';
import { Machine } from '../../../src/machine.js';

/** A body that is made once, for all threads of all runs. */
function* add(t: Thread, word: number, amount: number): Operation<void> {
  yield* t.store(word, (yield* t.load(word)) + amount);
}

function* nothing(): Operation<void> {
  // Ends as it begins.
}

function machineOf(cpus: number): { machine: Machine; process: Process } {
  const machine = new Machine({ cpus }, new TimedDirector());
  return { machine, process: machine.createProcess('main') };
}

describe('what a thread is started with', () => {
  it('is given to its body, behind the thread', () => {
    const { machine, process } = machineOf(1);
    const [one, other] = [process.allocate(4), process.allocate(4)];
    process.spawn(add, {}, one, 2);
    process.spawn(add, { cpu: 0 }, one, 3);
    process.spawn(add, undefined, other, 4);
    expect(machine.run().outcome).toBe('finished');
    expect([process.read32(one), process.read32(other)]).toEqual([5, 4]);
  });

  it('is another for the next thread in the same slot, and nothing where there is nothing', () => {
    const { machine, process } = machineOf(1);
    const seen: unknown[][] = [];
    function* note(_t: Thread, ...args: unknown[]): Operation<void> {
      seen.push(args);
    }
    const slots = [process.spawn(note, {}, 'a', { b: 1 }).id];
    machine.run();
    slots.push(process.spawn(note).id);
    machine.run();
    expect(seen).toEqual([['a', { b: 1 }], []]);
    expect(slots[1]).toBe(slots[0]);
  });

  it('makes no difference to the name of the thread', () => {
    const { process } = machineOf(1);
    expect(process.spawn(add, {}, process.allocate(4), 1).name).toBe('add');
    expect(process.spawn(nothing, { name: 'idler' }).name).toBe('idler');
  });

  it('has the types that the body asks for', () => {
    const { process } = machineOf(1);
    expectTypeOf(add).toExtend<ThreadBody<[word: number, amount: number]>>();
    expectTypeOf(nothing).toExtend<ThreadBody>();
    // @ts-expect-error an amount is missing
    expect(() => process.spawn(add, {}, 64)).not.toThrow();
    // @ts-expect-error an address is no text
    expect(() => process.spawn(add, {}, 'word', 1)).not.toThrow();
  });
});
