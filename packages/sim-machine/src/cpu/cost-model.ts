import { MachineError } from '../base/machine-error.js';
import { CostKind, type CostKindName } from './cost-kind.js';
import type { CostParameters } from './cost-parameters.js';
import type { PublishedPrimitive } from './cost-primitives.js';

/** The costs of one machine as a table, and the length of its cycle. */
export class CostModel {
  readonly parameters: CostParameters;
  /** Cycles, indexed by {@link CostKind}; multiples of 1/16. */
  readonly cycles: Float64Array;
  /** Nanoseconds a cycle. */
  readonly nsPerCycle: number;

  /**
   * @throws MachineError ERR_CONFIG when a frequency is not positive, or a cost negative or no
   * multiple of 1/16 cycle
   */
  constructor(parameters: CostParameters) {
    const { name, frequencyMhz, costs } = parameters;
    if (!(frequencyMhz > 0 && Number.isFinite(frequencyMhz)))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a frequency above 0 MHz for "${name}", got ${frequencyMhz}`,
      );
    this.parameters = parameters;
    this.nsPerCycle = 1000 / frequencyMhz;
    this.cycles = new Float64Array(Object.keys(CostKind).length);
    for (const [kind, index] of Object.entries(CostKind)) {
      const { cycles } = costs[kind as CostKindName];
      if (!(cycles >= 0 && Number.isInteger(cycles * 16)))
        throw new MachineError(
          'ERR_CONFIG',
          `expected ${kind} of "${name}" to be a multiple of 1/16 cycle, got ${cycles}`,
        );
      this.cycles[index] = cycles;
    }
  }

  /** The cost of one kind, in cycles. */
  cyclesOf(kind: CostKind): number {
    return this.cycles[kind]!;
  }

  /** What the model gives for a published primitive, in ns. */
  primitiveNs(primitive: PublishedPrimitive): number {
    let cycles = 0;
    for (const [kind, times] of Object.entries(primitive.parts))
      cycles += times * this.cyclesOf(CostKind[kind as CostKindName]);
    return cycles * this.nsPerCycle;
  }
}
