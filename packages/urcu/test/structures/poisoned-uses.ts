import { plainAcquires, plainReleases } from './breaking.js';
import { STRUCTURES, queue } from './reclaimed-structures.js';
import {
  HASH_TABLE_REPLACED,
  LIST_BY_TAIL,
  LIST_REPLACED,
  QUEUE_SPLICED,
} from './replacing-structures.js';
import { deferringForEver } from './reclamation.js';
import type { MakeReclamation } from './reclamation.js';
import type { Breaking, Structure } from './reclaiming.js';

/** An order that an operation leaves out. */
export interface LeftOut {
  readonly order: 'release' | 'acquire';
  readonly breaking: Breaking;
  /** The least work that shows it, or shows that it is redundant. */
  readonly words: string;
  /** Whether something else orders as much, so that nothing is found. */
  readonly isRedundant?: boolean;
  /** Whether it takes a search of every state so long to find it that a test draws executions. */
  readonly isRare?: boolean;
}

/** A structure with what is done to it, in words as `small` reads them. */
export interface PoisonedUse {
  readonly structure: Structure;
  /** Whether what was taken out waits for a grace period. */
  readonly waits: boolean;
  readonly reclamation?: MakeReclamation;
  /** Of these the first is small enough for a test, unless all are large. */
  readonly work: readonly string[];
  readonly isLarge?: boolean;
  /** Under `weak` so many of them come to an end, and the others to a bound; default all. */
  readonly underWeak?: number;
  readonly leftOut: readonly LeftOut[];
}

const acquire = { order: 'acquire', breaking: plainAcquires } as const;
const release = { order: 'release', breaking: plainReleases } as const;
const redundantRelease = { ...release, isRedundant: true } as const;

const PUT_BESIDE_TAKE = 'put 0 | take';

const CONTAINER = [
  PUT_BESIDE_TAKE,
  'put 0: take | put 1',
  'put 0, put 1: take | take',
  'put 0: take | put 1, take',
  'put 0, take | put 1, take',
];

const STACK = {
  waits: true,
  work: CONTAINER,
  leftOut: [{ ...acquire, words: PUT_BESIDE_TAKE }],
} as const;

const LIST = {
  waits: true,
  work: [
    'add 0: del 0 | has 0',
    'add 0 | has 0',
    'add 0: add 1 | has 0',
    'add 0, add 1: del 0 | has 1',
    'add 0: add 1, del 0 | has 0, has 1',
  ],
  leftOut: [
    { ...release, words: 'add 0 | has 0' },
    { ...acquire, words: 'add 0 | has 0' },
  ],
} as const;

/**
 * Every structure, few enough operations to take every state under `weak`, and what goes wrong there alone: atomics are
 * full fences on this machine, so that what can be left out is a release or an acquire.
 */
export const POISONED_USES: Readonly<Record<string, PoisonedUse>> = {
  list: { structure: STRUCTURES.list, ...LIST },
  hlist: { structure: STRUCTURES.hlist, ...LIST },
  'list, added to at its tail': {
    structure: LIST_BY_TAIL,
    waits: true,
    work: ['add 0 | has 0', 'add 0: add 1 | has 1', 'add 0: del 0, add 1 | has 0, has 1'],
    // A test has the same by the other end.
    isLarge: true,
    leftOut: [{ ...release, words: 'add 0 | has 0' }],
  },
  'list, replaced in': {
    structure: LIST_REPLACED,
    waits: true,
    work: ['add 0: replace 1 | has 0', 'add 0: replace 1 | has 0, has 1'],
    leftOut: [
      { ...release, words: 'add 0: replace 1 | has 0' },
      { ...acquire, words: 'add 0: replace 1 | has 0' },
    ],
  },
  'wait-free stack': {
    structure: STRUCTURES['wait-free stack'],
    ...STACK,
    // The exchange before it orders as much.
    leftOut: [...STACK.leftOut, { ...redundantRelease, words: PUT_BESIDE_TAKE }],
  },
  'lock-free stack': { structure: STRUCTURES['lock-free stack'], ...STACK },
  queue: {
    structure: queue(false),
    waits: false,
    // Takers exclude each other; here there is one.
    work: [
      PUT_BESIDE_TAKE,
      'put 0: take | put 1',
      'put 0: take, take | put 1',
      'put 0: take | put 1, put 2',
    ],
    leftOut: [
      { ...acquire, words: PUT_BESIDE_TAKE },
      { ...redundantRelease, words: PUT_BESIDE_TAKE },
    ],
  },
  'queue, spliced': {
    structure: QUEUE_SPLICED,
    waits: false,
    work: [
      'put 0 | splice, take',
      'put 0: put 1 | splice, take',
      'put 0: put 1 | splice, take, take',
    ],
    leftOut: [],
  },
  'queue with a mutex': {
    structure: queue(),
    waits: false,
    work: [
      'put 0: take | take',
      'put 0, put 1: take | take',
      'put 0: take | put 1, take',
      'put 0, take | put 1, take',
    ],
    isLarge: true,
    underWeak: 1,
    leftOut: [],
  },
  'lock-free queue': {
    structure: STRUCTURES['lock-free queue'],
    waits: true,
    work: CONTAINER,
    isLarge: true,
    underWeak: 1,
    leftOut: [],
  },
  'lock-free queue, dummies used once': {
    structure: STRUCTURES['lock-free queue'],
    waits: true,
    reclamation: deferringForEver,
    work: [...CONTAINER, 'put 0, take | take'],
    leftOut: [{ ...acquire, words: 'put 0, take | take', isRare: true }],
  },
  'hash table': {
    structure: STRUCTURES['hash table'],
    waits: true,
    work: [
      'add 0: del 0 | has 0',
      'add 0 | has 0',
      'resize 2 | add 1, has 1',
      'add 1: resize 2 | del 1',
      'resize 2: resize 1 | add 1, has 1',
      'resize 2: resize 1 | add 0, has 0',
      'add 0: del 0 | del 0',
      'add 0: del 0 | add 1',
      'add 0: del 0 | add 1, has 0',
    ],
    leftOut: [
      { ...acquire, words: 'add 0 | has 0' },
      { ...redundantRelease, words: 'resize 2 | add 1, has 1' },
    ],
  },
  'hash table, replaced in': {
    structure: HASH_TABLE_REPLACED,
    waits: true,
    work: [
      'add 0: replace 1 | has 0',
      'add 0: replace 1 | has 1',
      'add 0: replace 1 | del 0',
      'add 0: replace 1 | has 0, has 1',
    ],
    leftOut: [{ ...acquire, words: 'add 0: replace 1 | has 0' }],
  },
};
