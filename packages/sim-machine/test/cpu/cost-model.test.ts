import { describe, expect, it } from 'vitest';
import { CostKind } from '../../src/cpu/cost-kind.js';
import { COST_MACHINES, costParametersOf, EPYC } from '../../src/cpu/cost-machines.js';
import { CostModel } from '../../src/cpu/cost-model.js';
import { FIT_TOLERANCE, PUBLISHED_PRIMITIVES } from '../../src/cpu/cost-primitives.js';

describe('CostModel', () => {
  it.each(PUBLISHED_PRIMITIVES)('reproduces on $machine: $what, $publishedNs ns', (primitive) => {
    const model = new CostModel(costParametersOf(primitive.machine));
    const { publishedNs } = primitive;
    const tolerance = Math.max(FIT_TOLERANCE.ns, FIT_TOLERANCE.part * publishedNs);
    expect(Math.abs(model.primitiveNs(primitive) - publishedNs)).toBeLessThanOrEqual(tolerance);
  });

  it('adds up the parts of a primitive at the clock of the machine', () => {
    const model = new CostModel({ ...EPYC, frequencyMhz: 500 });
    const parts = { Instruction: 2, Syscall: 3 };
    const cycles = 2 * EPYC.costs.Instruction.cycles + 3 * EPYC.costs.Syscall.cycles;
    expect(model.primitiveNs({ machine: 'epyc', what: '', publishedNs: 0, parts })).toBe(
      2 * cycles,
    );
  });

  it.each(COST_MACHINES)('$name has a basis and a source for every cost', (machine) => {
    expect(Object.keys(machine.costs).sort()).toEqual(Object.keys(CostKind).sort());
    for (const { basis, source } of Object.values(machine.costs)) {
      expect(['published', 'literature', 'estimate']).toContain(basis);
      expect(source.length).toBeGreaterThan(3);
    }
  });

  it.each(COST_MACHINES)('$name calls a cost published only if a primitive fits it', (machine) => {
    const fitted = new Set(
      PUBLISHED_PRIMITIVES.filter((primitive) => primitive.machine === machine.name).flatMap(
        ({ parts }) => Object.keys(parts),
      ),
    );
    for (const [kind, { basis }] of Object.entries(machine.costs))
      if (basis === 'published') expect([...fitted]).toContain(kind);
  });

  it.each(COST_MACHINES)('$name is slower the further a line is away', (machine) => {
    const model = new CostModel(machine);
    const cyclesOf = (kind: CostKind): number => model.cyclesOf(kind);
    expect(cyclesOf(CostKind.LoadHit)).toBeLessThan(cyclesOf(CostKind.RemoteClean));
    expect(cyclesOf(CostKind.RemoteClean)).toBeLessThan(cyclesOf(CostKind.RemoteDirty));
    expect(cyclesOf(CostKind.RemoteDirty)).toBeLessThan(cyclesOf(CostKind.MemoryFetch));
    expect(cyclesOf(CostKind.Instruction)).toBeLessThan(cyclesOf(CostKind.Atomic));
  });

  it('refuses the name of no machine and lists those there are', () => {
    expect(() => costParametersOf('pdp-11')).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: 'expected the cost model of "xeon-e5-2630v3", "cubietruck", "epyc", got "pdp-11"',
      }),
    );
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses a clock of %d MHz', (frequencyMhz) => {
    expect(() => new CostModel({ ...EPYC, frequencyMhz })).toThrow('a frequency above 0 MHz');
  });

  it.each([-1, 0.3, Number.NaN])('refuses a cost of %d cycles', (cycles) => {
    const costs = { ...EPYC.costs, Tick: { ...EPYC.costs.Tick, cycles } };
    expect(() => new CostModel({ ...EPYC, costs })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: `expected Tick of "epyc" to be a multiple of 1/16 cycle, got ${cycles}`,
      }),
    );
  });
});
