import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRoutine } from '../../src/isa/compiler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { INSTRUCTION_SET } from '../../src/isa/instruction-set.js';
import { verifySections } from '../../src/isa/section-verifier.js';
import { buildSection, drafts, machineWith, starts } from './random-routine.js';
import { TEXT_BASE } from './test-machine.js';

const sections = fc
  .tuple(drafts(24), drafts(1))
  .map(([body, commit]) => ({ body, program: buildSection(body, commit[0]!) }));

describe('the two executors of a section', () => {
  it('leave the same registers, memory, outcome, count and port calls', () => {
    const seen = new Set<string>();
    const outcomes = new Set<number>();
    fc.assert(
      fc.property(sections, starts, ({ program }, start) => {
        verifySections(program);
        const interpreted = machineWith(program, start);
        const compiled = machineWith(program, start);
        const routine = compileRoutine(
          program,
          program.offsetOf('entry'),
          TEXT_BASE,
          compiled.environment,
          'compiled',
        )!;
        const executed = interpreted.run(routine.longestPath);
        expect(routine.run(compiled.base, compiled.tlb)).toBe(executed);
        expect(compiled.state()).toEqual(interpreted.state());
        expect(executed).toBeLessThanOrEqual(routine.longestPath);
        outcomes.add(interpreted.exit);

        // Whatever faulted is there now: both go on, interpreted, to the same end.
        for (const machine of [interpreted, compiled]) machine.port.injected.clear();
        expect(compiled.run(1000)).toBe(interpreted.run(1000));
        expect(compiled.state()).toEqual(interpreted.state());

        for (const word of program.words)
          seen.add(INSTRUCTION_SET.find(({ opcode }) => opcode === (word & 63))?.mnemonic ?? '');
      }),
      { numRuns: 1500 },
    );
    expect(outcomes).toEqual(new Set([ExitReason.Return, ExitReason.Fault]));
    for (const { mnemonic, effect } of INSTRUCTION_SET)
      if (effect.kind !== 'exit') expect(seen).toContain(mnemonic);
  });

  it('agree when the section is interrupted anywhere and restarted from its entry', () => {
    fc.assert(
      fc.property(sections, starts, fc.nat(20), ({ program }, start, interruption) => {
        const interpreted = machineWith(program, start);
        const compiled = machineWith(program, start);
        for (const machine of [interpreted, compiled]) {
          machine.run(interruption);
          machine.install(program, 'entry');
        }
        const entry = program.offsetOf('entry');
        const routine = compileRoutine(program, entry, TEXT_BASE, compiled.environment, 'again')!;
        expect(routine.run(compiled.base, compiled.tlb)).toBe(interpreted.run(routine.longestPath));
        expect(compiled.state()).toEqual(interpreted.state());
      }),
      { numRuns: 300 },
    );
  });
});
