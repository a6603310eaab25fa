import { describe, expect, it } from 'vitest';
import { SignalNumber, sigaction } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../src/kernel/rseq-abi.js';
import { migrate, pageIn, pageOut, preempt, signal, step } from '../hand-machine.js';
import { ABORTED, COMMITTED, SectionMachine } from './section-fixture.js';

const at = (machine: SectionMachine, label: string): number => machine.section.addressOf(label);

/** A machine with a second thread on CPU 0, so that the first can be preempted. */
function contended(settings: ConstructorParameters<typeof SectionMachine>[0] = {}): SectionMachine {
  const machine = new SectionMachine(settings);
  machine.process.spawn(
    function* other(t) {
      for (;;) yield* t.fence();
    },
    { cpu: 0 },
  );
  return machine;
}

describe('an event inside of a section', () => {
  it.each(['first', 'commit'])('at %s aborts: rseq_cs is cleared and the handler runs', (label) => {
    const machine = new SectionMachine();
    const aborts = machine.heard('abort');
    machine.stepToLabel(label);
    machine.decide(migrate(0, 2));
    expect(machine.ip(0)).toBe(at(machine, 'abort'));
    expect(machine.fields(machine.areaOf(0))).toEqual({
      cpuIdStart: 2,
      cpuId: 2,
      rseqCs: 0,
      rseqCsHigh: 0,
    });
    expect(aborts).toEqual([
      { thread: 0, cpu: 2, from: at(machine, label), to: at(machine, 'abort') },
    ]);
    machine.finish();
    expect(machine.results).toEqual([ABORTED]);
    expect(machine.process.read32(machine.word)).toBe(0);
  });

  it.each(['entry', 'postCommit', 'abort'])('at %s, outside, does not', (label) => {
    const machine = new SectionMachine();
    const aborts = machine.heard('abort');
    if (label === 'abort') {
      machine.stepToLabel('commit');
      machine.decide(migrate(0, 1));
      machine.process.write32(machine.areaOf(0) + RseqOffset.rseqCs, machine.descriptor);
      aborts.length = 0;
      machine.decide(migrate(0, 2));
    } else {
      machine.stepToLabel(label);
      machine.decide(migrate(0, 2));
    }
    expect(aborts).toEqual([]);
    expect(machine.ip(0)).toBe(at(machine, label));
    expect(machine.fields(machine.areaOf(0)).rseqCs).toBe(0);
  });

  it('may be a preemption: the thread aborts when it runs again, not before', () => {
    const machine = contended();
    machine.stepToLabel('commit');
    machine.decide(preempt(0, 1));
    expect(machine.ip(0)).toBe(at(machine, 'commit'));
    expect(machine.fields(machine.areaOf(0)).rseqCs).toBe(machine.descriptor);
    machine.decide(preempt(0, 0));
    expect(machine.ip(0)).toBe(at(machine, 'abort'));
  });

  it('may be the sleep of a major fault', () => {
    const machine = new SectionMachine();
    const aborts = machine.heard('abort');
    machine.stepToLabel('commit');
    machine.decide(pageOut(0), step(0), pageIn(0));
    expect(aborts).toHaveLength(1);
    expect(machine.ip(0)).toBe(at(machine, 'abort'));
  });

  it('may be a signal: the frame holds the abort address, and the handler runs outside', () => {
    const machine = new SectionMachine();
    const handled: number[] = [];
    machine.process.spawn(
      function* installer(t) {
        yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(self) {
          handled.push(yield* self.load(self.threadPointer + RseqOffset.rseqCs));
        });
        for (;;) yield* t.fence();
      },
      { cpu: 1 },
    );
    machine.decide(step(1, 100));
    machine.stepToLabel('commit');
    const aborts = machine.heard('abort');
    machine.decide(signal(SignalNumber.SIGUSR1, 0), step(0, 100));
    expect(aborts).toEqual([
      { thread: 0, cpu: 0, from: at(machine, 'commit'), to: at(machine, 'abort') },
    ]);
    expect(handled).toEqual([0]);
    expect(machine.results).toEqual([ABORTED]);
  });

  it('is not a minor fault, which no other thread can come between', () => {
    const machine = new SectionMachine();
    const aborts = machine.heard('abort');
    machine.finish();
    expect(aborts).toEqual([]);
    expect(machine.results).toEqual([COMMITTED]);
    expect(machine.process.read32(machine.word)).toBe(1);
  });

  it('does not abort where aborts are off, which is what makes updates go lost', () => {
    const machine = new SectionMachine({ options: { aborts: false } });
    machine.stepToLabel('commit');
    machine.decide(migrate(0, 1));
    expect(machine.ip(0)).toBe(at(machine, 'commit'));
    expect(machine.fields(machine.areaOf(0))).toMatchObject({
      cpuId: 1,
      rseqCs: machine.descriptor,
    });
    machine.finish();
    expect(machine.results).toEqual([COMMITTED]);
  });
});

describe('the event mask', () => {
  it('is kept while no section is active, so that the next return inside aborts for nothing', () => {
    const machine = new SectionMachine({ withSyscall: true });
    machine.decide(step(0, 3), migrate(0, 1), migrate(0, 0));
    machine.stepToLabel('first');
    machine.stepToLabel('abort');
    machine.finish();
    expect(machine.results).toEqual([ABORTED]);
  });

  it('of 0 lets a return to user mode inside pass, and rseq_cs stays', () => {
    const machine = new SectionMachine({ withSyscall: true });
    const area = machine.areaOf(0);
    machine.stepToLabel('commit');
    expect(machine.fields(area).rseqCs).toBe(machine.descriptor);
    machine.finish();
    expect(machine.results).toEqual([COMMITTED]);
  });

  it('is cleared by the abort: the same thread does not abort again for the same event', () => {
    const machine = new SectionMachine({ withSyscall: true });
    machine.stepToLabel('first');
    machine.decide(migrate(0, 1));
    expect(machine.ip(0)).toBe(at(machine, 'abort'));
    const area = machine.areaOf(0);
    machine.process.write32(area + RseqOffset.rseqCs, machine.descriptor);
    const { registers } = machine.machine.threads;
    registers[16] = at(machine, 'first');
    registers[1] = machine.word;
    machine.stepToLabel('commit', 1);
    machine.finish();
    expect(machine.results).toEqual([COMMITTED]);
  });

  it('is not cleared by an event outside of an armed section', () => {
    const machine = new SectionMachine({ withSyscall: true });
    machine.stepToLabel('entry');
    machine.decide(migrate(0, 1), migrate(0, 0));
    machine.process.write32(machine.areaOf(0) + RseqOffset.rseqCs, machine.descriptor);
    machine.finish();
    expect(machine.results).toEqual([ABORTED]);
  });
});

describe('flags, which v6.1 takes no more', () => {
  it.each([
    ['of the descriptor', {}, { flags: 1 }],
    ['of the descriptor, unknown ones', {}, { flags: 0x80 }],
    ['of the area', { rseqFlags: 1 }, {}],
    ['of both', { rseqFlags: 7 }, { flags: 7 }],
  ])('%s are SIGSEGV inside of the section', (_what, settings, fields) => {
    const machine = new SectionMachine(settings);
    machine.describe(fields);
    machine.stepToLabel('commit');
    machine.decide(migrate(0, 1));
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it('are SIGSEGV even when no event came', () => {
    const machine = new SectionMachine({ withSyscall: true, rseqFlags: 1 });
    machine.finish();
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it('are not looked at outside of the section', () => {
    const machine = new SectionMachine({ rseqFlags: 7 });
    machine.describe({ flags: 7 });
    machine.stepToLabel('entry');
    machine.decide(migrate(0, 1));
    expect(machine.finish()).toBe('finished');
    expect(machine.results).toEqual([COMMITTED]);
  });
});

describe('an area that cannot be accessed', () => {
  it('is SIGSEGV at the next event', () => {
    const machine = new SectionMachine();
    machine.stepToLabel('entry');
    const { space } = machine.process;
    expect(space.mprotect(machine.areaOf(0) & ~0xfff, 4096, 1)).toBe(0);
    machine.decide(migrate(0, 1));
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it('does no harm to a thread that exits', () => {
    const machine = new SectionMachine();
    machine.stepToLabel('postCommit');
    expect(machine.process.space.munmap(machine.areaOf(0) & ~0xfff, 4096)).toBe(0);
    expect(machine.finish()).toBe('finished');
    expect(machine.process.exitStatus).toBe(0);
  });
});
