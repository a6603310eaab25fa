import { rseq } from '@rseqlab/rseq-runtime';
import { CUBIETRUCK, Machine, TimedDirector, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { Session, defineEvent, u32 } from '@rseqlab/tracer';

/** What was published of a recorded LTTng-UST event with a header and a payload of 32 bits each. */
export interface PublishedEvent {
  readonly cost: CostParameters;
  /** With atomic operations, as it was, and with restartable sequences. */
  readonly atomicNs: number;
  readonly rseqNs: number;
}

/** @source commit "rseq: Introduce restartable sequences system call" (v4.18) */
export const PUBLISHED_EVENTS: readonly PublishedEvent[] = [
  { cost: CUBIETRUCK, atomicNs: 2502, rseqNs: 2250 },
  { cost: XEON_E5_2630V3, atomicNs: 117.4, rseqNs: 98 },
];

const EVENTS = 2000;
const NO_TICKS = 2 ** 40;

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
