import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../src/director/random-director.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import type { Process } from '../../src/kernel/process.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { Machine } from '../../src/machine.js';
import type { MachineEventName } from '../../src/observe/machine-events.js';

const { r0, r1, r5 } = Registers;

const NAMES: readonly MachineEventName[] = [
  'switch',
  'wakeup',
  'migration',
  'fault',
  'signal',
  'syscall',
  'syscallExit',
  'access',
  'spawn',
  'exit',
  'decision',
];

const increment = new ProgramBuilder('increment')
  .label('increment')
  .ld32(r5, r1)
  .addi(r0, r5, 1)
  .st32(r0, r1)
  .ret()
  .build();
const double = new ProgramBuilder('double')
  .label('double')
  .ld32(r5, r1)
  .shli(r0, r5, 1)
  .st32(r0, r1)
  .ret()
  .build();

/** What a run may be about; the first word of each process is compared. */
type Plan = (machine: Machine) => readonly Process[];

const counting: Plan = (machine) => {
  const process = machine.createProcess('counting');
  const word = process.allocate(4);
  const routine = machine.install(increment).routine('increment');
  for (let i = 0; i < 3; i++)
    process.spawn(function* counter(t) {
      yield* t.call(routine, word);
      yield* t.fetchAdd(word, 10);
    });
  return [process];
};

const mixing: Plan = (machine) => {
  const first = machine.install(double);
  const second = machine.install(increment);
  return ['a', 'b'].map((name) => {
    const process = machine.createProcess(name);
    const word = process.allocate(4);
    process.spawn(function* mixer(t) {
      yield* t.call(second.routine('increment'), word);
      yield* t.call(first.routine('double'), word);
      yield* t.store(t.stackPointer - 64, 5);
    });
    return process;
  });
};

const crashing: Plan = (machine) => {
  const process = machine.createProcess('crashing');
  const word = process.allocate(8192);
  process.spawn(function* crash(t) {
    yield* t.store(word + 4096, 1);
    yield* t.load(0x20);
  });
  process.spawn(function* survivor(t) {
    for (;;) yield* t.fetchAdd(word, 1);
  });
  return [process];
};

const PLANS: readonly Plan[] = [counting, mixing, crashing];

/** Everything that a run shows: events, counts, decisions, memory, where programs lie. */
function watch(machine: Machine, plan: Plan, decisions: number): object {
  const events: unknown[] = [];
  for (const name of NAMES) machine.events.on(name, (event) => events.push([name, event]));
  const processes = plan(machine);
  const result = machine.run({ decisions });
  machine.events.clear();
  return {
    events,
    result,
    decisions: [...machine.decisions],
    memory: processes.map((process) => process.read32(0x10000000)),
    pids: processes.map((process) => process.pid),
    address: machine.install(increment).address,
  };
}

function build(config: MachineConfig, seed: number): Machine {
  return new Machine(
    { cpus: 2, maxThreads: 4, maxProcesses: 4, memoryBytes: 2 ** 22, ...config },
    new RandomDirector({ seed }),
  );
}

describe.each<MachineConfig>([{}, { memory: 'tso' }, { fingerprint: true }, { shadow: true }])(
  'a machine with %j',
  (config) => {
    it('makes the run of a new machine after any runs and resets', () => {
      const used = build(config, 0);
      const step = fc.tuple(fc.nat(2), fc.nat(20), fc.nat(1000));
      fc.assert(
        fc.property(fc.array(step, { maxLength: 4 }), step, (before, [plan, limit, seed]) => {
          for (const [other, decisions, otherSeed] of before) {
            used.reset(new RandomDirector({ seed: otherSeed }));
            PLANS[other]!(used);
            used.run({ decisions });
          }
          used.reset(new RandomDirector({ seed }));
          const seen = watch(used, PLANS[plan]!, 10 + limit);
          expect(seen).toEqual(watch(build(config, seed), PLANS[plan]!, 10 + limit));
        }),
        { numRuns: 25 },
      );
    });
  },
);

describe('reset', () => {
  it('leaves no thread, no process and no decision', () => {
    const machine = build({}, 1);
    counting(machine);
    machine.run({ decisions: 5 });
    machine.reset(new RandomDirector({ seed: 1 }));
    expect(machine.liveThreads).toBe(0);
    expect(machine.decisions).toHaveLength(0);
    expect(machine.run()).toMatchObject({ outcome: 'finished', steps: 0, cycles: 0, decisions: 0 });
    expect(machine.createProcess('again').id).toBe(0);
  });

  it('starts the record over, so that it replays from the start', () => {
    const machine = build({}, 1);
    counting(machine);
    machine.run();
    machine.reset(new RandomDirector({ seed: 2 }));
    const [process] = counting(machine);
    machine.run();
    const { decisions } = machine;
    const sum = process!.read32(0x10000000);
    machine.reset(new ScriptedDirector(decisions, { granularity: 'access' }));
    const [again] = counting(machine);
    expect(machine.run().decisions).toBe(decisions.length);
    expect(again!.read32(0x10000000)).toBe(sum);
  });

  it('zeroes memory: nothing of a run shows in the next', () => {
    const machine = build({}, 1);
    const first = machine.createProcess('first');
    const words = first.allocate(4 * 4096);
    for (let offset = 0; offset < 4 * 4096; offset += 4) first.write32(words + offset, -1);
    machine.reset(new RandomDirector({ seed: 1 }));
    const second = machine.createProcess('second');
    expect(second.allocate(4 * 4096)).toBe(words);
    for (let offset = 0; offset < 4 * 4096; offset += 4)
      expect(second.read32(words + offset)).toBe(0);
  });

  it('keeps listeners', () => {
    const machine = build({}, 1);
    let exits = 0;
    machine.events.on('exit', () => (exits += 1));
    for (let run = 1; run <= 2; run++) {
      machine.reset(new RandomDirector({ seed: run }));
      counting(machine);
      machine.run();
    }
    expect(exits).toBe(6);
  });
});
