import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { dropOwnPrototype, programOf } from '../../../src/kernel/thread-program.js';
import { Machine } from '../../../src/machine.js';
import type { ThreadBody } from '../../../src/kernel/thread.js';

/** What a word holds that threads with these bodies add 1 to, each given its address. */
function sumOf(make: (word: number) => readonly ThreadBody[]): number {
  const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 1 }));
  const process = machine.createProcess('main');
  const word = process.allocate(4);
  for (const body of make(word)) process.spawn(body);
  machine.run();
  return process.read32(word);
}

describe('the function of a thread', () => {
  it('runs in any number of threads at a time', () => {
    expect(
      sumOf((word) => {
        const add: ThreadBody = function* add(t) {
          yield* t.fetchAdd(word, 1);
        };
        return [add, add, add];
      }),
    ).toBe(3);
  });

  it('may be frozen, an arrow function that returns a generator, or a method', () => {
    expect(
      sumOf((word) => {
        const adder = {
          *add(...[t]: Parameters<ThreadBody>): Operation<void> {
            yield* t.fetchAdd(word, 1);
          },
        };
        const frozen: ThreadBody = Object.freeze(function* add(...[t]: Parameters<ThreadBody>) {
          yield* t.fetchAdd(word, 1);
        });
        return [(t) => adder.add(t), (t) => t.fetchAdd(word, 1), frozen];
      }),
    ).toBe(3);
  });

  it('makes generators that inherit from nothing of its own', () => {
    const body = function* (): Operation<void> {
      yield;
    };
    const before = Object.getPrototypeOf(body()) as object;
    dropOwnPrototype(body);
    const program = programOf({ name: 'program' }, body());
    expect(Object.getPrototypeOf(program)).toBe(Object.getPrototypeOf(before));
  });

  it('is left as it is where it is no generator function', () => {
    const arrow = (): number => 1;
    dropOwnPrototype(arrow);
    expect(Object.hasOwn(arrow, 'prototype')).toBe(false);
  });
});
