import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CountedFlavour, QsbrFlavour, RcuDomain } from '@rseqlab/urcu';
import type { CountedName, RcuToken } from '@rseqlab/urcu';

/** What read sections are made of. */
interface ReadSide {
  registerThread(t: Thread): Operation<void>;
  readLock(t: Thread): Operation<RcuToken>;
  readUnlock(t: Thread, token: RcuToken): Operation<void>;
  threadOffline(t: Thread): Operation<void>;
}

type MakeReadSide = (machine: Machine, process: Process, readers: number) => ReadSide;

const counted =
  (name: CountedName): MakeReadSide =>
  (machine, process, readers) =>
    CountedFlavour.create(machine, process, name, { readers });

/** A lock that readers share: each counts itself in and out, in one word. */
function readersOfLock(process: Process): ReadSide {
  const word = process.allocate(64, 64);
  const nothing = function* nothing(): Operation<void> {
    // A lock knows no threads.
  };
  return {
    registerThread: nothing,
    *readLock(t) {
      return (yield* t.fetchAdd(word, 1)) as RcuToken;
    },
    *readUnlock(t) {
      yield* t.fetchAdd(word, -1);
    },
    threadOffline: nothing,
  };
}

/** Read sides by name, cheapest first as they were published. */
export const READ_SIDES = {
  qsbr: (machine, process, readers) => QsbrFlavour.create(machine, process, readers),
  memb: counted('memb'),
  bp: counted('bp'),
  'per-CPU': (machine, process) => RcuDomain.create(machine, process),
  mb: counted('mb'),
  'reader-writer lock': (_, process) => readersOfLock(process),
} as const satisfies Readonly<Record<string, MakeReadSide>>;

/** One of {@link READ_SIDES}. */
export type ReadSideName = keyof typeof READ_SIDES;

/** Sections of a reader: so many to warm up, and as many that count. */
const SECTIONS = 30;

/** Longer than any run: no ticks. */
const NO_TICKS = 2 ** 40;

/**
 * Cycles of a read section with one dereference in it, with one reader on each CPU: the mean.
 *
 * No CPU runs ahead of the others by more than a step, so that lines that they share change hands.
 */
export function readSectionCycles(cost: CostParameters, name: ReadSideName, cpus: number): number {
  const director = new TimedDirector({ tickCycles: NO_TICKS, quantumCycles: 1 });
  const machine = new Machine({ cpus, kernel: [rseq()], cost, maxThreads: cpus + 1 }, director);
  const process = machine.createProcess('readers');
  const make: MakeReadSide = READ_SIDES[name];
  const side = make(machine, process, cpus);
  const [pointer, target] = [process.allocate(64, 64), process.allocate(64, 64)];
  process.write32(pointer, target);
  let cycles = 0;
  for (let cpu = 0; cpu < cpus; cpu++)
    process.spawn(
      function* reader(t) {
        yield* side.registerThread(t);
        let start = 0;
        for (let section = 0; section < 2 * SECTIONS; section++) {
          if (section === SECTIONS) start = machine.cpus.cycles[cpu]!;
          const token = yield* side.readLock(t);
          yield* t.load(yield* t.load(pointer));
          yield* side.readUnlock(t, token);
        }
        cycles += machine.cpus.cycles[cpu]! - start;
        yield* side.threadOffline(t);
      },
      { cpu, affinity: [cpu] },
    );
  const { outcome } = machine.run();
  if (outcome !== 'finished') throw new Error(`${name}: expected readers to end, got ${outcome}`);
  return cycles / cpus / SECTIONS;
}
