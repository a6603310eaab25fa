import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Registers } from '../../../src/isa/register.js';
import { exec, fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { pthreadCreate, pthreadJoin, type Pthread } from '../../../src/kernel/libc/threads.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const PLACE = 40;

function* own(t: Thread): Operation<number> {
  return yield* t.load(t.threadPointer + PLACE);
}

describe('initial thread data', () => {
  it('is in the block of every new thread, also of one in a used slot', () => {
    const lab = new Laboratory({ cpus: 1 });
    const facts: unknown[] = [];
    lab.process.threadData.initialize(PLACE, -1);
    lab.spawn(function* first(t) {
      facts.push(yield* own(t));
      yield* t.store(t.threadPointer + PLACE, 5);
      const made = yield* pthreadCreate(t, function* second(self) {
        facts.push(yield* own(self));
      });
      yield* pthreadJoin(t, made as Pthread);
      facts.push(yield* own(t));
    });
    lab.machine.run();
    lab.spawn(function* third(t) {
      facts.push(yield* own(t));
    });
    lab.machine.run();
    expect(facts).toEqual([-1, -1, 5, -1]);
  });

  it('is forgotten at exec, since the new program has its own', () => {
    const lab = new Laboratory({ cpus: 1 });
    const facts: unknown[] = [];
    lab.process.threadData.initialize(PLACE, -1);
    lab.spawn(function* parent(t) {
      yield* t.store(t.threadPointer + PLACE, 5);
      const child = yield* fork(t, function* child(self) {
        facts.push(yield* own(self));
        const made = yield* pthreadCreate(self, function* inChild(thread) {
          facts.push(yield* own(thread));
        });
        yield* pthreadJoin(self, made as Pthread);
        yield* exec(self, function* other(next) {
          facts.push(yield* own(next));
        });
      });
      yield* waitpid(t, child);
    });
    lab.machine.run();
    expect(facts).toEqual([5, -1, 0]);
  });

  it.each([-4, 2, 256, 0.5, NaN])('at %s is refused with ERR_CONFIG', (offset) => {
    const lab = new Laboratory({ cpus: 1 });
    expect(() => {
      lab.process.threadData.initialize(offset, 1);
    }).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });
});

describe('the places of thread data', () => {
  const claim = (lab: Laboratory, offset: number, size: number, owner: string) => () => {
    lab.process.threadData.claim(offset, size, owner);
  };
  const refused = expect.objectContaining({ code: 'ERR_CONFIG' }) as Error;

  it('are had by one owner each, who may say so again', () => {
    const lab = new Laboratory({ cpus: 1 });
    claim(lab, PLACE, 8, 'a library')();
    claim(lab, PLACE, 8, 'a library')();
    claim(lab, PLACE + 8, 4, 'another')();
    expect(claim(lab, PLACE + 4, 4, 'another')).toThrow(
      'expected free thread data at byte 44 for another, got that of a library',
    );
    expect(claim(lab, 252, 8, 'a third')).toThrow(refused);
    expect(claim(lab, 2, 4, 'a third')).toThrow(refused);
  });

  it('are free again in the program that exec begins, and kept by a forked child', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen: boolean[] = [];
    const isFree = (t: Thread): boolean => {
      try {
        lab.machine
          .process(lab.machine.threads.process[t.id]!)
          .threadData.claim(PLACE, 4, 'another');
        return true;
      } catch {
        return false;
      }
    };
    claim(lab, PLACE, 4, 'a library')();
    lab.spawn(function* parent(t) {
      const child = yield* fork(t, function* child(self) {
        seen.push(isFree(self));
        yield* exec(self, function* other(next) {
          seen.push(isFree(next));
          yield* next.fence();
        });
      });
      yield* waitpid(t, child);
    });
    lab.machine.run();
    expect(seen).toEqual([false, true]);
  });
});

describe('exec after pass', () => {
  it('hands over six words', () => {
    const { r0, r1, r2, r3, r4, r5, r6 } = Registers;
    const lab = new Laboratory({ cpus: 1 });
    const program = new ProgramBuilder('digits').label('digits').mov(r0, r1);
    for (const register of [r2, r3, r4, r5, r6]) program.muli(r0, r0, 10).add(r0, r0, register);
    const digits = lab.machine.install(program.ret().build()).routine('digits');
    let result = 0;
    lab.spawn(function* only(t) {
      t.pass(5, 6);
      if (!t.exec(digits, 1, 2, 3, 4)) yield;
      result = t.result;
    });
    lab.machine.run();
    expect(result).toBe(123_456);
  });
});
