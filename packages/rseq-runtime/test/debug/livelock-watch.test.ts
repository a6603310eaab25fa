import { describe, expect, it } from 'vitest';
import { LivelockWatch } from '../../src/debug/livelock-watch.js';
import { SectionTable } from '../../src/debug/section-table.js';
import { HandMachine, preempt } from '../hand-machine.js';
import { ADD } from './debugged-counter.js';

/** Two threads that add on one CPU, each operation one add. */
function laboratory() {
  const lab = new HandMachine({}, { cpus: 1 });
  const installed = lab.machine.install(ADD);
  const word = lab.process.allocate(4);
  for (let i = 0; i < 2; i++)
    lab.process.spawn(function* adder(t) {
      for (let n = 0; n < 9; n++) yield* t.call(installed.routine('add'), word);
    });
  const sections = SectionTable.of(lab.machine);
  return { lab, installed, sections, section: sections.sections[0]! };
}

/** Takes the CPU from thread 0 inside its section, and gives it back. */
function disturb({ lab, installed }: ReturnType<typeof laboratory>): void {
  lab.stepTo(0, installed.addressOf('cs.start') + 4);
  lab.decide(preempt(0, 1), preempt(0, 0));
}

describe('the livelock watch', () => {
  it('tells, once, of a section that was aborted so often in a row', () => {
    const fixture = laboratory();
    const watch = new LivelockWatch(fixture.lab.machine, fixture.sections, 3);
    fixture.lab.decide();
    for (let n = 0; n < 2; n++) disturb(fixture);
    expect(watch.take()).toBeUndefined();
    disturb(fixture);
    const { section } = fixture;
    expect(watch.take()).toEqual({ thread: 0, section, aborts: 3 });
    expect(watch.take()).toBeUndefined();
    for (let n = 0; n < 3; n++) disturb(fixture);
    expect(watch.take()).toEqual({ thread: 0, section, aborts: 6 });
  });

  it('does not count aborts with a commit in between', () => {
    const fixture = laboratory();
    const { lab, installed } = fixture;
    const watch = new LivelockWatch(lab.machine, fixture.sections, 2);
    lab.decide();
    for (let n = 0; n < 6; n++) {
      disturb(fixture);
      lab.stepTo(0, installed.addressOf('cs.postCommit'));
    }
    expect(watch.take()).toBeUndefined();
  });

  it('takes an exit of the section for progress, in one operation of the program too', () => {
    const fixture = laboratory();
    const watch = new LivelockWatch(fixture.lab.machine, fixture.sections, 2);
    fixture.lab.decide();
    disturb(fixture);
    watch.arrived(0, fixture.section.startIp + fixture.section.length);
    disturb(fixture);
    expect(watch.take()).toBeUndefined();
    watch.arrived(0, fixture.section.abortIp);
    disturb(fixture);
    expect(watch.take()).toMatchObject({ aborts: 2 });
  });
});
