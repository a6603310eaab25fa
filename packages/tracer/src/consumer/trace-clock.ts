import type { ClockClass } from '@rseqlab/trace-format';

/** The clock of a trace: the cycle counters of the CPUs, which count from the start of the machine. */
export interface TraceClock {
  /** Cycles a microsecond: that of the machine's cost parameters; 1000 on a machine without. */
  readonly frequencyMhz: number;
}

/** Name of the clock in traces. */
export const CLOCK_NAME = 'cycles';

const TURN = 2 ** 32;

/**
 * The whole of a cycle count of which the low 32 bits are known, and about when it was.
 *
 * @param nearCycles less than 2^31 cycles away from it
 */
export function wholeCycles(low: number, nearCycles: number): bigint {
  const turns = Math.max(0, Math.round((nearCycles - (low >>> 0)) / TURN));
  return BigInt(turns) * BigInt(TURN) + BigInt(low >>> 0);
}

/**
 * How a trace describes the clock.
 *
 * @param uuid by which readers know that traces have the same clock: all that one machine writes have
 */
export function clockClass({ frequencyMhz }: TraceClock, uuid: string): ClockClass {
  return {
    name: CLOCK_NAME,
    uuid,
    description: 'cycles of the CPUs since the machine started',
    frequencyHz: BigInt(Math.round(frequencyMhz * 1e6)),
    precisionCycles: 0n,
    offsetSeconds: 0n,
    offsetCycles: 0n,
    isAbsolute: false,
  };
}
