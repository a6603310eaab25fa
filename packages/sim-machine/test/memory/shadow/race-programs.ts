import { FenceKind, MemoryOrder } from '../../../src/memory/memory-port.js';
import { PAGE } from '../fixture.js';
import type { WatchedProcess } from './shadow-fixture.js';

/** What threads do to data and to the word that guards it. */
export type Program = (p: WatchedProcess) => void;
/** Offset of the data. */
export const X = 0;
/** Offset of the word that guards it. */
export const FLAG = 64;

/** Programs without a race. */
export const cleanPrograms: readonly (readonly [string, Program])[] = [
  ['one thread', (p) => p.store(0, X).load(0, X).store(0, X)],
  ['two loads', (p) => p.load(0, X).load(1, X)],
  ['different words', (p) => p.store(0, X).store(1, X + 4)],
  ['different bytes of a word', (p) => p.store(0, X, 1, 1).store(1, X + 1, 1, 1)],
  [
    'a release that is acquired',
    (p) => p.store(0, X).release(0, FLAG).acquire(1, FLAG).store(1, X),
  ],
  ['atomics on a word', (p) => p.update(0, X).update(1, X).update(0, X).compareExchange(2, X, 9)],
  [
    'a lock made of an atomic and a release',
    (p) => {
      for (const thread of [0, 1, 0]) {
        p.compareExchange(thread, FLAG, 0);
        p.store(thread, X);
        p.store(thread, FLAG, 0, 4, MemoryOrder.Release);
      }
    },
  ],
  [
    'a chain of releases through a third thread',
    (p) => {
      p.store(0, X);
      p.release(0, FLAG);
      p.acquire(1, FLAG);
      p.release(1, FLAG + 4);
      p.acquire(2, FLAG + 4);
      p.load(2, X);
    },
  ],
  [
    'an update in the middle of a release sequence',
    (p) => p.store(0, X).release(0, FLAG).update(1, FLAG).acquire(2, FLAG).load(2, X),
  ],
  [
    'fences around marked accesses',
    (p) => {
      p.markData(FLAG, 4);
      p.store(0, X);
      p.fence(0, FenceKind.Write);
      p.store(0, FLAG);
      p.load(1, FLAG);
      p.fence(1, FenceKind.Read);
      p.load(1, X);
    },
  ],
  [
    'a lock of the kernel',
    (p) => {
      p.store(0, X);
      p.unlock(0);
      p.lock(1);
      p.store(1, X);
    },
  ],
  ['the start of a thread', (p) => p.store(0, X).started(0, 1).store(1, X)],
  ['the end of a thread', (p) => p.store(1, X).joined(0, 1).store(0, X)],
  ['marked data', (p) => (p.markData(X, 8), p.store(0, X), p.store(1, X + 4), p.load(2, X))],
  [
    'marked instructions',
    (p) => {
      p.shadow.races!.marks.markInstructions(0x400100, 32);
      p.goto(0x400100).store(0, X);
      p.goto(0x40011c).store(1, X);
    },
  ],
  [
    'atomics that are fences of their own',
    (p) => {
      p.markData(FLAG, 4);
      p.store(0, X);
      p.compareExchange(0, FLAG + 16, 77);
      p.store(0, FLAG);
      p.load(1, FLAG);
      p.update(1, FLAG + 32);
      p.load(1, X);
      p.load(2, FLAG);
      p.compareExchange(2, FLAG + 48, 77);
      p.load(2, X);
    },
  ],
  [
    'memory that was unmapped between',
    (p) => {
      p.store(0, X);
      p.process.madvise(p.at, PAGE, 4);
      p.store(1, X);
    },
  ],
  [
    'a flag that was swapped out between release and acquire',
    (p) => {
      p.store(0, PAGE).release(0, FLAG);
      p.memory.spaces.swapOut(p.process, p.at);
      p.process.swapIn(p.at);
      p.acquire(1, FLAG).load(1, PAGE);
    },
  ],
  [
    'pages that were only read, by different threads',
    (p) =>
      p
        .load(0, X)
        .load(1, PAGE + X)
        .store(1, PAGE + X),
  ],
  [
    'copies of a page after fork',
    (p) => {
      p.store(0, X);
      const child = p.memory.spaces.fork(p.process);
      p.started(0, 1);
      p.move(1, child);
      p.store(0, X);
      p.store(1, X);
    },
  ],
  [
    'the kernel and its own thread',
    (p) => p.kernelPut(0, X).load(0, X).store(0, X).kernelGet(0, X),
  ],
  ['the kernel and marked accesses', (p) => p.kernelPut(0, X).acquire(1, X).release(1, X)],
];

/** Programs with one race between two threads. */
export const racyPrograms: readonly (readonly [string, Program])[] = [
  ['two stores', (p) => p.store(0, X).store(1, X)],
  ['a load behind a store', (p) => p.store(0, X).load(1, X)],
  ['a store behind a load', (p) => p.load(0, X).store(1, X)],
  ['a byte of a word', (p) => p.store(0, X).store(1, X + 3, 1, 1)],
  ['a misaligned load of the next word', (p) => p.store(0, X + 4).load(1, X + 2)],
  ['the upper half of 64 bits', (p) => p.store(0, X, 1, 8).load(1, X + 4)],
  ['the second page of an access', (p) => p.store(0, PAGE - 2).load(1, PAGE, 1)],
  ['a release that nobody acquires', (p) => p.store(0, X).release(0, FLAG).store(1, X)],
  [
    'a release of another word',
    (p) =>
      p
        .store(0, X)
        .release(0, FLAG)
        .acquire(1, FLAG + 4)
        .store(1, X),
  ],
  [
    'a store behind its release',
    (p) => p.release(0, FLAG).store(0, X).acquire(1, FLAG).store(1, X),
  ],
  [
    'an acquire before the release',
    (p) => p.acquire(1, FLAG).store(0, X).release(0, FLAG).store(1, X),
  ],
  [
    'a release sequence that a marked store broke',
    (p) => {
      p.shadow.races!.marks.markInstructions(0x400200, 4);
      p.store(0, X);
      p.release(0, FLAG);
      p.goto(0x400200).store(1, FLAG);
      p.goto(0x400000).acquire(2, FLAG);
      p.load(2, X);
    },
  ],
  ['a plain load of an atomic', (p) => p.update(0, X).load(1, X)],
  ['an atomic behind a plain store', (p) => p.store(0, X).update(1, X)],
  [
    'fences around unmarked accesses of another word',
    (p) => {
      p.store(0, X);
      p.fence(0, FenceKind.Full);
      p.fence(1, FenceKind.Full);
      p.load(1, X);
    },
  ],
  [
    'the wrong fence of the reader',
    (p) => {
      p.markData(FLAG, 4);
      p.store(0, X);
      p.fence(0, FenceKind.Write);
      p.store(0, FLAG);
      p.load(1, FLAG);
      p.fence(1, FenceKind.Write);
      p.load(1, X);
    },
  ],
  [
    'a store behind the fence that publishes',
    (p) => {
      p.markData(FLAG, 4);
      p.fence(0, FenceKind.Write);
      p.store(0, X);
      p.store(0, FLAG);
      p.load(1, FLAG);
      p.fence(1, FenceKind.Read);
      p.load(1, X);
    },
  ],
  [
    'a plain store that a marked one followed',
    (p) => {
      p.store(0, X);
      p.markData(X, 4);
      p.store(0, X);
      p.store(1, X);
    },
  ],
  [
    'a word of which another byte was stored since',
    (p) =>
      p
        .store(0, X)
        .store(0, X + 2, 1, 1)
        .store(1, X, 1, 1),
  ],
  ['a lock that was not released', (p) => p.store(0, X).lock(1).store(1, X)],
  ['a creator that goes on', (p) => p.started(0, 1).store(0, X).store(1, X)],
  [
    'one marked side only',
    (p) => {
      p.shadow.races!.marks.markInstructions(0x400100, 4);
      p.goto(0x400100).store(0, X);
      p.goto(0x400200).load(1, X);
    },
  ],
  [
    'a mark that was taken away',
    (p) => {
      p.markData(X, 4);
      p.shadow.races!.marks.unmark(p.at + X, 4);
      p.store(0, X);
      p.load(1, X);
    },
  ],
  [
    'a load that came before a thread wrote',
    (p) =>
      p
        .load(0, PAGE + 8)
        .load(1, 8)
        .store(2, PAGE + 8),
  ],
  [
    'a page that was swapped out between',
    (p) => {
      p.store(0, X);
      p.memory.spaces.swapOut(p.process, p.at);
      p.process.swapIn(p.at);
      p.store(1, X);
    },
  ],
  [
    'a flag that was unmapped between release and acquire',
    (p) => {
      p.store(0, PAGE).release(0, FLAG);
      p.process.madvise(p.at, PAGE, 4);
      p.load(0, FLAG + 4)
        .acquire(1, FLAG)
        .load(1, PAGE);
    },
  ],
  [
    'a page that was copied between',
    (p) => {
      p.store(0, X);
      p.memory.spaces.fork(p.process);
      p.store(1, X);
    },
  ],
  ['the kernel and a plain access of another thread', (p) => p.store(1, X).kernelPut(0, X)],
];
