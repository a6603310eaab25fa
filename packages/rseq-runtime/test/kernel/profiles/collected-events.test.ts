import { describe, expect, it } from 'vitest';
import { migrate, step } from '../../hand-machine.js';
import { KERNELS, MASKED } from '../kernels.js';
import { ABORTED, COMMITTED, SectionMachine } from '../section-fixture.js';

describe.each(KERNELS)('events under $name', (kernel) => {
  const { options } = kernel;

  it('that came while nothing was armed abort the next section, only where a mask collects them', () => {
    const machine = new SectionMachine({ options, withSyscall: true });
    machine.decide(step(0, 3), migrate(0, 1), migrate(0, 0));
    machine.finish();
    expect(machine.results).toEqual([MASKED.includes(kernel) ? ABORTED : COMMITTED]);
  });

  it('that did not come leave a section alone that is returned to, and rseq_cs as it is', () => {
    const machine = new SectionMachine({ options, withSyscall: true });
    machine.stepToLabel('commit');
    expect(machine.fields(machine.areaOf(0)).rseqCs).toBe(machine.descriptor);
    machine.finish();
    expect(machine.results).toEqual([COMMITTED]);
  });

  it('are over with the abort: the second attempt is not aborted for the first event', () => {
    const machine = new SectionMachine({ options, withSyscall: true });
    machine.stepToLabel('first');
    machine.decide(migrate(0, 1));
    expect(machine.ip(0)).toBe(machine.section.addressOf('abort'));
    const { registers } = machine.machine.threads;
    machine.describe({});
    machine.process.write32(machine.areaOf(0) + 8, machine.descriptor);
    registers[16] = machine.section.addressOf('first');
    registers[1] = machine.word;
    machine.finish();
    expect(machine.results).toEqual([COMMITTED]);
  });
});
