import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../src/director/random-director.js';
import { futexWait } from '../../src/kernel/libc/futex.js';
import { nanosleep } from '../../src/kernel/libc/time.js';
import type { Operation } from '../../src/kernel/operation.js';
import { SignalNumber } from '../../src/kernel/signal/signal-number.js';
import type { Thread } from '../../src/kernel/thread.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { Machine } from '../../src/machine.js';
import {
  ScriptedMachine,
  migrate,
  offline,
  pageOut,
  preempt,
  step,
} from '../kernel/core/scripted-machine.js';

function* fences(t: Thread): Operation<void> {
  for (;;) yield* t.fence();
}

function machineWith(threads: number, config: MachineConfig = {}): ScriptedMachine {
  const scripted = new ScriptedMachine({ cpus: 2, ...config });
  for (let i = 0; i < threads; i++) scripted.process.spawn(fences);
  return scripted;
}

describe('what is possible', () => {
  it('is a step on every CPU that has a thread, then preemptions, then migrations, by number', () => {
    expect(machineWith(4).possible()).toEqual([
      'Step(0, 1)',
      'Step(1, 1)',
      'Preempt(0, 2)',
      'Preempt(1, 3)',
      'Migrate(1, 0)',
      'Migrate(0, 1)',
      'Migrate(1, 2)',
      'Migrate(0, 3)',
    ]);
  });

  it('does not depend on the order in which threads came to a CPU', () => {
    const scripted = machineWith(5);
    scripted.decide(migrate(4, 1), migrate(2, 1), migrate(4, 0), migrate(4, 1));
    expect(scripted.possible().filter((text) => text.startsWith('Preempt'))).toEqual([
      'Preempt(1, 2)',
      'Preempt(1, 3)',
      'Preempt(1, 4)',
    ]);
  });

  it('leaves out preemptions and migrations that the configuration does not allow', () => {
    const possible = (events: MachineConfig['events']): string[] =>
      machineWith(3, { events: events! }).possible();
    expect(possible({ preemption: false, migration: false })).toEqual(['Step(0, 1)', 'Step(1, 1)']);
    expect(possible({ migration: false })).toEqual(['Step(0, 1)', 'Step(1, 1)', 'Preempt(0, 2)']);
    expect(possible({ preemption: false })).not.toContain('Preempt(0, 2)');
  });

  it('has the drain of every CPU with buffered stores right behind the steps', () => {
    const scripted = new ScriptedMachine({ cpus: 2, memory: 'tso' });
    const word = scripted.word();
    for (let i = 0; i < 2; i++)
      scripted.process.spawn(function* store(t) {
        for (;;) yield* t.store(word, 1);
      });
    scripted.decide(step(1));
    expect(scripted.possible().slice(0, 3)).toEqual(['Step(0, 1)', 'Step(1, 1)', 'Drain(1, 0)']);
  });

  it('has ticks, signals and hotplug only where they are asked for', () => {
    const events = {
      preemption: false,
      migration: false,
      ticks: true,
      signals: [SignalNumber.SIGTERM, SignalNumber.SIGURG],
      hotplug: true,
    };
    expect(machineWith(1, { events }).possible()).toEqual([
      'Step(0, 1)',
      'Tick(0, 0)',
      `Signal(${SignalNumber.SIGTERM}, 0)`,
      'Offline(0, 0)',
      'Offline(1, 0)',
    ]);
    const scripted = machineWith(1, { events });
    scripted.decide(offline(0));
    expect(scripted.possible().slice(-1)).toEqual(['Online(0, 0)']);
  });

  it('has page-outs of pages that a running thread accesses next, and page-ins', () => {
    const events = { preemption: false, migration: false, pageFaults: true };
    const scripted = new ScriptedMachine({ cpus: 2, events });
    const word = scripted.word();
    scripted.process.spawn(function* loading(t) {
      for (;;) yield* t.load(word);
    });
    scripted.process.spawn(fences);
    expect(scripted.possible()).toEqual(['Step(0, 1)', 'Step(1, 1)', 'PageOut(0, 0)']);
    scripted.decide(pageOut(0), step(0));
    expect(scripted.possible()).toEqual(['Step(1, 1)', 'PageIn(0, 0)']);
  });

  it('has spurious wakes of threads that sleep on a futex, and the end of sleeps', () => {
    const events = { preemption: false, migration: false, spuriousWakes: true };
    const scripted = new ScriptedMachine({ cpus: 2, events });
    const word = scripted.word();
    scripted.process.spawn(function* waiting(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* sleeping(t) {
      yield* nanosleep(t, 1000);
    });
    scripted.decide(step(0, 9), step(1, 9));
    const possible = scripted.possible();
    expect(possible).toContain('SpuriousWake(0, 0)');
    expect(possible.some((text) => text.startsWith('Timer('))).toBe(true);
    expect(possible).toHaveLength(2);
  });

  it('has kills of processes by name, while they live', () => {
    const events = { preemption: false, migration: false, kills: ['victim'] };
    const scripted = new ScriptedMachine({ cpus: 2, events });
    const victim = scripted.machine.createProcess('victim');
    scripted.process.spawn(fences);
    expect(scripted.possible()).toEqual(['Step(0, 1)']);
    victim.spawn(fences);
    expect(scripted.possible()).toEqual(['Step(0, 1)', 'Step(1, 1)', 'Kill(0, 1)']);
  });

  it('is nothing else where a thread does nothing more but exit with nobody to notice', () => {
    const scripted = machineWith(3);
    scripted.process.spawn(function* brief() {}, { cpu: 1 });
    scripted.decide(preempt(1, 3));
    expect(scripted.possible()).toEqual(['Step(1, 1)']);
  });

  it('leaves out the step of a thread that waits for a word to change, until it has', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    scripted.process.spawn(function* waiting(t) {
      yield* t.waitUntilNotEqual(word, 0);
      yield* t.fence();
    });
    scripted.process.spawn(function* storing(t) {
      yield* t.store(word, 1);
      yield* t.fence();
    });
    expect(scripted.possible().slice(0, 1)).toEqual(['Step(1, 1)']);
    scripted.decide(step(1));
    expect(scripted.possible().slice(0, 2)).toEqual(['Step(0, 1)', 'Step(1, 1)']);
  });

  it('can be looked at without any effect, also under a store buffer and on pages that are away', () => {
    const scripted = new ScriptedMachine({ cpus: 2, memory: 'tso', fingerprint: true });
    const word = scripted.word();
    scripted.process.spawn(function* waiting(t) {
      yield* t.waitUntilNotEqual(t.stackPointer - 4096, 1);
    });
    scripted.process.spawn(function* storing(t) {
      yield* t.store8(word, 1);
      yield* t.waitUntilEqual(word, 2);
    });
    scripted.decide(step(1), step(1));
    const faults = scripted.heard('fault');
    const accesses = scripted.heard('access');
    const before = { low: 0, high: 0 };
    scripted.machine.fingerprint(before);
    const possible = scripted.possible();
    expect(scripted.possible()).toEqual(possible);
    const after = { low: 0, high: 0 };
    scripted.machine.fingerprint(after);
    expect(after).toEqual(before);
    expect([...faults, ...accesses]).toEqual([]);
  });
});

describe('every decision that is possible', () => {
  it('is carried out when it is made: no random run is ever refused', () => {
    const events = {
      ticks: true,
      signals: [SignalNumber.SIGURG],
      pageFaults: true,
      hotplug: true,
      spuriousWakes: true,
    };
    for (const memory of ['sc', 'tso'] as const) {
      const machine = new Machine(
        { cpus: 3, memory, events, memoryBytes: 2 ** 22 },
        new RandomDirector({ seed: 0 }),
      );
      for (let seed = 0; seed < 60; seed++) {
        machine.reset(new RandomDirector({ seed }));
        const process = machine.createProcess('main');
        const words = process.allocate(8);
        for (let i = 0; i < 4; i++)
          process.spawn(function* mixed(t) {
            yield* t.fetchAdd(words, 1);
            yield* nanosleep(t, 50 * i);
            yield* futexWait(t, words, i);
            yield* t.store(t.stackPointer - 4, yield* t.load(words));
          });
        machine.run({ decisions: 300 });
      }
    }
  });
});
