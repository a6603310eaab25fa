import { describe, expect, it } from 'vitest';
import {
  Machine,
  ProgramBuilder,
  Registers,
  SignalNumber,
  TimedDirector,
  mmap,
  munmap,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { rseq } from '../../src/kernel/rseq-module.js';
import { RSEQ_SIGNATURE, RseqCsOffset, RseqOffset } from '../../src/kernel/rseq-abi.js';
import { clearRseqCs, prepareUnload, prepareUnloadOf } from '../../src/user/prepare-unload.js';
import { HandMachine, NOTIFY } from '../hand-machine.js';

const { r1, r2, r5, r14 } = Registers;
const PAGE = 4096;

/** run(r1: descriptor, r2: word to add to); what the descriptor says of it is written by the library. */
const CODE = new ProgramBuilder('library')
  .label('run')
  .st32(r1, r14, RseqOffset.rseqCs)
  .label('start')
  .ld32(r5, r2)
  .addi(r5, r5, 1)
  .st32(r5, r2)
  .label('postCommit')
  .ret()
  .word(RSEQ_SIGNATURE)
  .label('abort')
  .ret()
  .build();

/** A thread that loads a library's descriptor into a page of its own and runs its section once. */
function run(unload: (t: Thread, page: number, other: number) => Operation<unknown>): {
  status: number;
  word: number;
  results: unknown[];
} {
  const hand = new HandMachine();
  const code = hand.machine.install(CODE);
  const word = hand.process.allocate(4);
  const other = hand.process.allocate(4);
  const results: unknown[] = [];
  hand.process.spawn(function* user(t) {
    const page = yield* mmap(t, { length: PAGE });
    const start = code.addressOf('start');
    yield* t.store(page + RseqCsOffset.startIp, start);
    yield* t.store(page + RseqCsOffset.postCommitOffset, code.addressOf('postCommit') - start);
    yield* t.store(page + RseqCsOffset.abortIp, code.addressOf('abort'));
    yield* t.call(code.routine('run'), page, word);
    results.push(yield* unload(t, page, other));
    // The kernel looks at rseq_cs on the way back.
    yield* t.syscall(NOTIFY);
    yield* t.fetchAdd(word, 10);
  });
  hand.process.spawn(function* bystander(t) {
    yield* t.store(t.threadPointer + RseqOffset.rseqCs, 0);
    yield* t.store(other, t.threadPointer);
  });
  expect(hand.finish()).toBe('finished');
  return { status: hand.process.exitStatus, word: hand.process.read32(word), results };
}

describe('a library whose descriptors go away', () => {
  it('kills a thread that did not prepare for it, at the next look of the kernel', () => {
    const { status, word } = run((t, page) => munmap(t, page, PAGE));
    expect({ status: status & 0x7f, word }).toEqual({ status: SignalNumber.SIGSEGV, word: 1 });
  });

  it('kills a thread that did not prepare for it, too, when the memory was used anew', () => {
    const { status, word } = run((t, page) => t.store(page + RseqCsOffset.version, 0x1234));
    expect({ status: status & 0x7f, word }).toEqual({ status: SignalNumber.SIGSEGV, word: 1 });
  });

  it('does no harm to a thread that prepared for it', () => {
    const { status, word, results } = run(function* (t, page) {
      const range = { start: page, bytes: PAGE };
      const forgot = [yield* prepareUnload(t, range), yield* prepareUnload(t, range)];
      return [...forgot, yield* munmap(t, page, PAGE)];
    });
    expect({ status, word, results }).toEqual({ status: 0, word: 11, results: [[true, false, 0]] });
  });

  it('does no harm to a thread that cleared rseq_cs without asking what it was', () => {
    const { status, word } = run(function* (t, page) {
      yield* clearRseqCs(t);
      return yield* munmap(t, page, PAGE);
    });
    expect({ status, word }).toEqual({ status: 0, word: 11 });
  });

  it('leaves a thread alone whose descriptor is elsewhere', () => {
    const { status, results } = run(function* (t, page) {
      const armed = t.threadPointer + RseqOffset.rseqCs;
      const behind = yield* prepareUnload(t, { start: page + 4, bytes: PAGE });
      const before = yield* prepareUnload(t, { start: page - PAGE, bytes: PAGE });
      return [behind, before, (yield* t.load(armed)) === page];
    });
    expect({ status, results }).toEqual({ status: 0, results: [[false, false, true]] });
  });

  it('can be prepared for in place of another thread, whatever that has armed since', () => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const armed = process.allocate(32, 32);
    const sibling = process.allocate(4);
    const results: boolean[] = [];
    process.spawn(function* idle(t) {
      yield* t.store(t.threadPointer + RseqOffset.rseqCs, armed);
      yield* t.store(sibling, t.threadPointer);
      yield* t.waitUntilEqual(t.threadPointer + RseqOffset.rseqCs, 0);
    });
    process.spawn(function* unloader(t) {
      const pointer = yield* t.waitUntilNotEqual(sibling, 0);
      results.push(yield* prepareUnloadOf(t, pointer, { start: armed + 32, bytes: 32 }));
      results.push(yield* prepareUnloadOf(t, pointer, { start: armed, bytes: 32 }));
    });
    // What is armed is no descriptor: a look of the kernel before it is cleared would be fatal.
    expect(machine.run({ decisions: 1000 }).outcome).toBe('finished');
    expect({ results, status: process.exitStatus }).toEqual({ results: [false, true], status: 0 });
  });
});
