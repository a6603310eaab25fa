import { MAX_COPY_BYTES, PerCpuPrimitives, PrimitiveOutcome, rseq } from '@rseqlab/rseq-runtime';
import type { NotExpressible } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters, Thread } from '@rseqlab/sim-machine';

/** One attempt on data whose first word is the head of a list of one node, 64 bytes further. */
type Attempt = (primitives: PerCpuPrimitives) => (t: Thread, data: number) => boolean;

const copy = (order: 'relaxed' | 'release'): Section => ({
  order,
  attempt(primitives) {
    const attempt = primitives.cmpeqvTrymemcpyStorev(64);
    return (t, p) => attempt.start(t, p, p + 64, p + 512, p + 256, 1, 0);
  },
});

interface Section {
  readonly order?: 'relaxed' | 'release';
  readonly attempt: Attempt;
}

/** The section of each operation of `compareFallbacks`, by its name there. */
const SECTIONS: Readonly<Record<string, Section | NotExpressible>> = {
  add: {
    attempt:
      ({ addv }) =>
      (t, p) =>
        addv.start(t, p, 1, 0),
  },
  'add, 64 bits': { reason: 'a word of the machine has 32 bits' },
  'compare and store': {
    attempt:
      ({ cmpeqvStorev }) =>
      (t, p) =>
        cmpeqvStorev.start(t, p, p + 64, 0, 0),
  },
  'list push': {
    attempt:
      ({ cmpeqvTrystorevStorev: push }) =>
      (t, p) =>
        push.start(t, p, p + 64, p + 128, p + 64, p + 128, 0),
  },
  'list pop, head known': {
    attempt:
      ({ cmpnevStoreoffpLoad: pop }) =>
      (t, p) =>
        pop.start(t, p, 0, 0, 0),
  },
  'list pop': {
    attempt:
      ({ cmpnevStoreoffpLoad: pop }) =>
      (t, p) =>
        pop.start(t, p, 0, 0, 0),
  },
  'copy 64 bytes, store': copy('relaxed'),
  'copy 64 bytes, store release': copy('release'),
  'copy 4096 bytes, store': { reason: `a section copies up to ${MAX_COPY_BYTES} bytes` },
};

const WARM_UP = 4;
const ATTEMPTS = 64;

/**
 * Simulated cycles of the section that a fallback stands in for, everything in the caller's cache.
 *
 * The first word is set again before each attempt; what that takes is taken off.
 *
 * @param operation a name in `compareFallbacks`
 */
export function sectionCycles(cost: CostParameters, operation: string): number | NotExpressible {
  const section = SECTIONS[operation];
  if (section === undefined) throw new RangeError(`expected a section for "${operation}"`);
  if ('reason' in section) return section;
  const cycles = (attempts: number, isAttempted: boolean): number =>
    cyclesOf(cost, section, attempts, isAttempted);
  const added = (isAttempted: boolean): number =>
    cycles(WARM_UP + ATTEMPTS, isAttempted) - cycles(WARM_UP, isAttempted);
  return (added(true) - added(false)) / ATTEMPTS;
}

function cyclesOf(
  cost: CostParameters,
  { order = 'relaxed', attempt }: Section,
  attempts: number,
  isAttempted: boolean,
): number {
  const director = new TimedDirector({ tickCycles: 2 ** 40 });
  const machine = new Machine({ cpus: 1, kernel: [rseq()], cost, memoryBytes: 2 ** 22 }, director);
  const process = machine.createProcess('section');
  const data = process.allocate(4096, 4096);
  const start = attempt(PerCpuPrimitives.create(machine, process, { order }));
  process.spawn(function* caller(t) {
    for (let i = 0; i < attempts; i++) {
      yield* t.store(data, data + 64);
      if (!isAttempted) continue;
      if (!start(t, data)) yield;
      if (t.result !== PrimitiveOutcome.Committed)
        throw new Error(`expected an attempt to commit, got ${t.result}`);
    }
  });
  return machine.run().cycles;
}
