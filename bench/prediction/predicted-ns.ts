import { installSections, rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { LOOP_ENTRY, LOOP_INSTRUCTIONS, loopProgram } from './loop-body.js';
import type { LoopBody } from './loop-body.js';
import { READ_SECTION_BYTES } from './read-section-body.js';
import type { PublishedMachine } from './published-figures.js';

const ROUNDS = 5000;

/** Longer than any run: ticks are not part of what was published. */
const NO_TICKS = 2 ** 40;

/**
 * Nanoseconds of a round of a loop on a machine, that loop included as the published figures have it.
 *
 * In order, a round takes the published empty loop and its body. Out of order, the loop's own chain
 * of results and the instructions of the round take their time side by side, and the longer counts:
 * the published figures themselves say so, where a load adds nothing to the loop.
 */
export function predictedNs(machine: PublishedMachine, body: LoopBody): number {
  const { cost, emptyLoopNs, isOutOfOrder } = machine;
  const nsPerCycle = 1000 / cost.frequencyMhz;
  const roundNs = cyclesOfRound(machine, body) * nsPerCycle;
  if (isOutOfOrder) return Math.max(emptyLoopNs, roundNs);
  const counting = LOOP_INSTRUCTIONS * cost.costs.Instruction.cycles * nsPerCycle;
  return emptyLoopNs + roundNs - counting;
}

/** Cycles of a round in the long run: what another so many rounds add. */
function cyclesOfRound(machine: PublishedMachine, body: LoopBody): number {
  return (cyclesOf(machine, body, 2 * ROUNDS) - cyclesOf(machine, body, ROUNDS)) / ROUNDS;
}

function cyclesOf(
  { cost, isOutOfOrder }: PublishedMachine,
  body: LoopBody,
  rounds: number,
): number {
  const prices = withThreadPointer(body === 'hardwareNumber' ? cost : withLibraryGetcpu(cost));
  const director = new TimedDirector({ tickCycles: NO_TICKS });
  const machine = new Machine({ cpus: 2, kernel: [rseq()], cost: prices }, director);
  const process = machine.createProcess('published');
  const counters = process.allocate(READ_SECTION_BYTES, 64);
  // arm32 keeps the address of the thread's block in a coprocessor register: mrc.
  const code = installSections(machine, loopProgram(body, isOutOfOrder));
  const loop = code.routine(LOOP_ENTRY);
  process.spawn(function* measured(t) {
    yield* t.call(loop, rounds, counters);
  });
  const { outcome, cycles } = machine.run();
  if (outcome !== 'finished')
    throw new Error(`${body}: expected the loop to end, it is ${outcome}`);
  return cycles;
}

/** The machine with the read of a coprocessor in place of the clock, see loop-body.ts. */
function withThreadPointer(cost: CostParameters): CostParameters {
  return { ...cost, costs: { ...cost.costs, ClockRead: cost.costs.ThreadPointerRead } };
}

/** The machine with a C library between a program and its CPU number. */
function withLibraryGetcpu(cost: CostParameters): CostParameters {
  const { GetcpuCall, Instruction } = cost.costs;
  const cycles = GetcpuCall.cycles - Instruction.cycles;
  return { ...cost, costs: { ...cost.costs, CpuNumberRead: { ...GetcpuCall, cycles } } };
}
