import { rseq } from '@rseqlab/rseq-runtime';
import { CUBIETRUCK, Machine, TimedDirector, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { Session, defineEvent, u32 } from '@rseqlab/tracer';

/** What was published of a recorded LTTng-UST event with a header and a payload of 32 bits each. */
export interface PublishedEvent {
  readonly cost: CostParameters;
  /** With restartable sequences. */
  readonly rseqNs: number;
}

/** @source commit "rseq: Introduce restartable sequences system call" (v4.18) */
export const PUBLISHED_EVENTS: readonly PublishedEvent[] = [
  { cost: CUBIETRUCK, rseqNs: 2250 },
  { cost: XEON_E5_2630V3, rseqNs: 98 },
];

const EVENTS = 2000;
const NO_TICKS = 2 ** 40;

/** Cycles of a C library around the instruction that reads a clock: clock_gettime less rdtsc, 13 ns on an EPYC of 3.7 GHz. */
const LIBRARY_CLOCK_CYCLES = 48;

/**
 * A machine on which reading the clock costs what it cost LTTng-UST: clock_gettime by the C library, which had to be a
 * system call on arm32.
 *
 * @source lttng-ust, liblttng-ust/clock.h (v2.9); figures as in `EPYC`
 */
export function withClockCall(cost: CostParameters): CostParameters {
  const { ClockRead, Syscall } = cost.costs;
  const more = cost === CUBIETRUCK ? Syscall.cycles : LIBRARY_CLOCK_CYCLES;
  const read = { ...ClockRead, cycles: ClockRead.cycles + more };
  return { ...cost, costs: { ...cost.costs, ClockRead: read } };
}

/** Simulated nanoseconds of a recorded event with a u32: what another so many events add. */
export function tracedEventNs(cost: CostParameters): number {
  const cycles = cyclesOf(cost, 2 * EVENTS) - cyclesOf(cost, EVENTS);
  return (cycles / EVENTS) * (1000 / cost.frequencyMhz);
}

function cyclesOf(cost: CostParameters, events: number): number {
  const director = new TimedDirector({ tickCycles: NO_TICKS });
  const machine = new Machine({ cpus: 1, kernel: [rseq()], cost }, director);
  const process = machine.createProcess('traced');
  const session = Session.create(machine, process);
  const point = session.tracepoint(defineEvent('bench:event', { fields: { value: u32() } }));
  session.enable(point, session.channel('main', { subbufBytes: 2 ** 16, subbufCount: 4 }));
  process.spawn(function* producer(t) {
    for (let value = 0; value < events; value++) yield* point.emit(t, { value });
  });
  const { outcome, cycles } = machine.run();
  if (outcome !== 'finished') throw new Error(`expected the events to end, they are ${outcome}`);
  return cycles;
}
