import {
  DecisionKind,
  Machine,
  ScriptedDirector,
  SeededDraw,
  decisionKind,
  digest,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, MachineConfig, MemoryModelName, ReplayRecord } from '@rseqlab/sim-machine';
import { TortureDirector } from './torture-director.js';
import { tortureShape } from './torture-shape.js';
import type { TortureShape } from './torture-shape.js';
import { TortureTally } from './torture-tally.js';

/** Decisions after which a run is taken for stuck. */
const MOST_DECISIONS = 100_000;

/** What an execution is made with. */
export interface TortureParts {
  readonly machine: Machine;
  readonly shape: TortureShape;
  /** Chance for what threads do. */
  readonly draw: SeededDraw;
  readonly tally: TortureTally;
}

/** A program that tortures. */
export interface TortureProgram {
  /** The machine, as far as it is the program's. */
  machine(shape: TortureShape): MachineConfig;
  /**
   * Makes the threads. What they count beside simulated memory decides nothing.
   *
   * @returns what says what is wrong in the end, when every thread has ended
   */
  begin(parts: TortureParts): () => void;
}

/** What came of one execution. */
export interface TortureRun {
  readonly tally: TortureTally;
  /** A hash of all that was decided. */
  readonly schedule: number;
  readonly decisions: number;
  /** What makes it again; of a run that is over, and before the next one. */
  record(): Omit<ReplayRecord, 'scenario'>;
  /** Why it did not end, if it did not: `stuck`, `limit`, or what a library complained of. */
  readonly stuck?: string;
}

/**
 * One execution, from one seed: what it is made of, what its threads do, and how they are scheduled.
 *
 * @param script the decisions of a run of the same seed, instead of those that are drawn
 */
export function tortureRun(
  program: TortureProgram,
  seed: number,
  memory: MemoryModelName,
  script?: Uint32Array,
): TortureRun {
  const shape = tortureShape(seed);
  const drawn = new TortureDirector(seed);
  const { scheduling, granularity } = drawn;
  const director = script ? new ScriptedDirector(script, { scheduling, granularity }) : drawn;
  const config = { cpus: shape.cpus, memory, maxThreads: 40, memoryBytes: 1 << 23 };
  const machine = new Machine({ ...config, ...program.machine(shape) }, director);
  const tally = new TortureTally();
  const { deeds } = tally;
  machine.events.on('hotplug', () => (deeds['CPUs on- and offline'] += 1));
  const checkEnd = program.begin({ machine, shape, draw: new SeededDraw(~seed), tally });
  const stuck = outcomeOf(machine, checkEnd);
  const { decisions } = machine;
  for (const decision of decisions) {
    if (isKernelEvent(decision as Decision)) deeds['kernel events'] += 1;
    if (decisionKind(decision as Decision) === DecisionKind.Kill) deeds.killed += 1;
  }
  const run = {
    tally,
    schedule: hashOf(decisions),
    decisions: decisions.length,
    record: () => ({
      fingerprint: digest(machine.description),
      scheduling,
      granularity,
      decisions,
    }),
  };
  return stuck === undefined ? run : { ...run, stuck };
}

function outcomeOf(machine: Machine, checkEnd: () => void): string | undefined {
  try {
    const { outcome } = machine.run({ decisions: MOST_DECISIONS });
    if (outcome !== 'finished') return outcome;
    checkEnd();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** FNV-1a over words. */
function hashOf(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  return hash >>> 0;
}
