import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateArena } from '../../src/base/state-arena.js';
import { RandomDirector } from '../../src/director/random-director.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { raise, signalSet, sigprocmask } from '../../src/kernel/libc/signals.js';
import { pthreadCreate, pthreadJoin } from '../../src/kernel/libc/threads.js';
import { nanosleep } from '../../src/kernel/libc/time.js';
import type { Process } from '../../src/kernel/process.js';
import { SignalMaskHow } from '../../src/kernel/syscalls/signal-syscalls.js';
import type { KernelModule } from '../../src/kernel/kernel-module.js';
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

/** Uses what few runs use: timers, queued signals, real-time threads, more pages than a reset clears. */
const rare: Plan = (machine) => {
  const process = machine.createProcess('rare');
  const words = process.allocate(20 * 4096);
  for (let page = 0; page < 20; page++) process.write32(words + page * 4096 + 64, page);
  process.spawn((t) => nanosleep(t, 1000), { realTime: { policy: 'fifo', priority: 7 } });
  process.spawn(function* blocked(t) {
    yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet(40));
    yield* raise(t, 40);
    for (;;) yield* t.fetchAdd(words, 1);
  });
  return [process];
};

/** Threads in slots of others that have exited. */
const joining: Plan = (machine) => {
  const process = machine.createProcess('joining');
  const word = process.allocate(4);
  process.spawn(function* creator(t) {
    for (let i = 0; i < 3; i++) {
      const made = yield* pthreadCreate(t, (child) => child.fetchAdd(word, 1));
      if (typeof made !== 'number') yield* pthreadJoin(t, made);
    }
  });
  return [process];
};

const PLANS: readonly Plan[] = [counting, mixing, crashing, rare, joining];

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
    columns: columnsOf(machine),
  };
}

const arenas = new WeakMap<Machine, StateArena>();

function build(config: MachineConfig, seed: number): Machine {
  let arena: StateArena | undefined;
  const spy: KernelModule = {
    name: 'spy',
    attach(kernel) {
      ({ arena } = kernel);
      return {};
    },
  };
  const machine = new Machine(
    { cpus: 2, maxThreads: 4, maxProcesses: 4, memoryBytes: 2 ** 22, kernel: [spy], ...config },
    new RandomDirector({ seed }),
  );
  arenas.set(machine, arena!);
  return machine;
}

/** Every word that the kernel keeps in columns. */
function columnsOf(machine: Machine): readonly Int32Array[] {
  return arenas.get(machine)!.copy();
}

describe.each<MachineConfig>([
  {},
  { memory: 'tso' },
  { fingerprint: true },
  { shadow: true },
  { maxThreads: 64 },
])('a machine with %j', (config) => {
  it('makes the run of a new machine after any runs and resets', () => {
    const used = build(config, 0);
    const step = fc.tuple(fc.nat(PLANS.length - 1), fc.nat(60), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), step, (before, [plan, limit, seed]) => {
        for (const [other, decisions, otherSeed] of before) {
          used.reset(new RandomDirector({ seed: otherSeed }));
          PLANS[other]!(used);
          used.run({ decisions });
        }
        used.reset(new RandomDirector({ seed }));
        const made = build(config, seed);
        expect(columnsOf(used)).toEqual(columnsOf(made));
        const seen = watch(used, PLANS[plan]!, 10 + limit);
        expect(seen).toEqual(watch(made, PLANS[plan]!, 10 + limit));
      }),
      { numRuns: 25 },
    );
  });
});

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

  it.each(PLANS.map((plan) => [plan.name, plan] as const))(
    'puts every column back after %s',
    (_, plan) => {
      const machine = build({}, 1);
      plan(machine);
      machine.run({ decisions: 200 });
      machine.reset(new RandomDirector({ seed: 1 }));
      expect(columnsOf(machine)).toEqual(columnsOf(build({}, 1)));
    },
  );

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

  it.each([4, 16, 17, 40])(
    'zeroes memory, %d pages of it: nothing shows in the next run',
    (pages) => {
      const machine = build({}, 1);
      const bytes = pages * 4096;
      const first = machine.createProcess('first');
      const words = first.allocate(bytes);
      for (let offset = 0; offset < bytes; offset += 4) first.write32(words + offset, -1);
      for (const process of ['second', 'third']) {
        machine.reset(new RandomDirector({ seed: 1 }));
        const next = machine.createProcess(process);
        expect(next.allocate(bytes)).toBe(words);
        const found = new Int32Array(bytes >> 2);
        next.readWords(words, found);
        expect(found.every((word) => word === 0)).toBe(true);
        next.write32(words + 4092, 1);
      }
    },
  );

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
