import { withoutAtomics, withoutRelease } from './breaking.js';
import { HASTILY_RESIZED, STRUCTURES, queue } from './reclaimed-structures.js';
import type { Calls, Structure, Workload } from './reclaiming.js';

/** What two threads do to a structure, few enough operations to take every class of executions. */
export type SmallWorkload = Required<Pick<Workload, 'first' | 'calls'>>;

/** A workload in words: what was done before, then what each thread does; `put 0: take | put 1`. */
export function small(words: string): SmallWorkload {
  const [before, beside] = words.includes(':') ? words.split(':') : ['', words];
  return { first: callsOf(before!), calls: beside!.split('|').map(callsOf) };
}

function callsOf(words: string): Calls[number] {
  const calls = words.split(',').map((call) => call.trim());
  return calls
    .filter((call) => call !== '')
    .map((call) => {
      const [name, which = '-1'] = call.split(' ');
      return [name!, Number(which)] as const;
    });
}

/** Something that is done wrong, and the least work that shows it. */
export interface SmallMistake {
  readonly mistake: string;
  readonly words: string;
  readonly change: Partial<Workload>;
  /** Kind of the finding. */
  readonly kind: string;
}

/** A structure with what is done to it. */
export interface SmallUse {
  readonly structure: Structure;
  /** Whether what was taken out waits for a grace period. */
  readonly waits: boolean;
  /** In words; the first few are small enough for a test. */
  readonly work: readonly string[];
  readonly inTest: number;
  readonly mistakes: readonly SmallMistake[];
}

const hasty = { mistake: 'freed at once', change: { waits: false }, kind: 'use-after-free' };
const torn = { mistake: 'atomics in two steps', change: { breaking: withoutAtomics } };
const late = { mistake: 'stores behind the release', change: { breaking: withoutRelease } };

const CONTAINER = [
  'put 0, put 1: take | take',
  'put 0: take | put 1',
  'put 0: take | put 1, take',
  'put 0, take | put 1, take',
];

const stackMistakes: readonly SmallMistake[] = [
  { ...hasty, words: CONTAINER[0]! },
  { ...torn, words: CONTAINER[0]!, kind: 'double-free' },
];

const LIST = [
  'add 0: del 0 | has 0',
  'add 0: add 1 | has 0',
  'add 0, add 1: del 0 | has 1',
  'add 0: add 1, del 0 | has 0, has 1',
];

/** Every structure, and what two threads do to it. */
export const SMALL_USES: Readonly<Record<string, SmallUse>> = {
  'wait-free stack': {
    structure: STRUCTURES['wait-free stack'],
    waits: true,
    work: CONTAINER,
    inTest: 2,
    mistakes: stackMistakes,
  },
  'lock-free stack': {
    structure: STRUCTURES['lock-free stack'],
    waits: true,
    work: CONTAINER,
    inTest: 2,
    mistakes: stackMistakes,
  },
  list: {
    structure: STRUCTURES.list,
    waits: true,
    work: LIST,
    inTest: 4,
    mistakes: [
      { ...hasty, words: LIST[0]! },
      { ...late, words: LIST[1]!, kind: 'crash' },
    ],
  },
  hlist: {
    structure: STRUCTURES.hlist,
    waits: true,
    work: LIST,
    inTest: 4,
    mistakes: [
      { ...hasty, words: LIST[0]! },
      { ...late, words: LIST[1]!, kind: 'assertion' },
    ],
  },
  'hash table': {
    structure: STRUCTURES['hash table'],
    waits: true,
    work: [
      'add 0: del 0 | has 0',
      'add 1: resize 2 | del 1',
      'resize 2: resize 1 | add 1, has 1',
      'resize 2: resize 1 | add 0, has 0',
      'add 0: del 0 | del 0',
      'add 0: del 0 | add 1',
      'add 0: del 0 | add 1, has 0',
    ],
    inTest: 7,
    mistakes: [
      { ...hasty, words: 'add 0: del 0 | has 0' },
      { ...torn, words: 'add 0: del 0 | del 0', kind: 'double-free' },
      { ...late, words: 'add 1: resize 2 | del 1', kind: 'assertion' },
      {
        mistake: 'shrunk without waiting',
        words: 'resize 2: resize 1 | add 1, has 1',
        change: { structure: HASTILY_RESIZED },
        kind: 'assertion',
      },
    ],
  },
  'lock-free queue': {
    structure: STRUCTURES['lock-free queue'],
    waits: true,
    work: ['take | put 0', CONTAINER[1]!, CONTAINER[0]!, ...CONTAINER.slice(2)],
    inTest: 2,
    mistakes: [
      { ...hasty, words: CONTAINER[0]! },
      { ...torn, words: CONTAINER[0]!, kind: 'double-free' },
    ],
  },
  queue: {
    structure: queue(),
    waits: false,
    work: [CONTAINER[1]!, CONTAINER[0]!, ...CONTAINER.slice(2)],
    inTest: 1,
    mistakes: [
      {
        mistake: 'takers at once',
        words: CONTAINER[0]!,
        change: { structure: queue(false) },
        kind: 'use-after-free',
      },
      { ...torn, words: CONTAINER[1]!, kind: 'use-after-free' },
    ],
  },
};
