import { RandomDirector, ScriptedDirector } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { nondeterminism } from '../src/findings/nondeterminism.js';
import { MachinePool } from '../src/machine-pool.js';
import { ScenarioRunner } from '../src/scenario-runner.js';
import { scenario as declare } from '../src/scenario.js';
import type { Scenario } from '../src/scenario.js';
import { check, searchedMachine } from '../src/search/check.js';
import type { CheckOptions } from '../src/search/check.js';
import { checkUnits } from '../src/search/plan/check-units.js';
import type { SearchName } from '../src/search/strategies.js';
import { pointOfNoReturn } from '../src/shrink/point-of-no-return.js';
import { shrinkRun } from '../src/shrink/shrink-run.js';
import { recordRun } from '../src/trace/record-run.js';

const free = new RandomDirector({ seed: 1 });
const small = { maxThreads: 4, maxProcesses: 1, memoryBytes: 2 ** 22 };

describe('a pool of machines', () => {
  it('hands out again what it got back', () => {
    const pool = new MachinePool();
    const machine = pool.take(small, free);
    pool.giveBack(machine);
    expect(pool.take({ ...small }, free)).toBe(machine);
  });

  it('hands nobody a machine that somebody has', () => {
    const pool = new MachinePool();
    const machine = pool.take(small, free);
    expect(pool.take(small, free)).not.toBe(machine);
    pool.giveBack(machine);
    pool.giveBack(machine);
    pool.take(small, free);
    expect(pool.take(small, free)).not.toBe(machine);
  });

  it.each([
    ['another model', { ...small, memory: 'tso' }, free],
    ['one more option', { ...small, cpus: 3 }, free],
    ['one option less', { maxThreads: 4, memoryBytes: 2 ** 22 }, free],
    ['fingerprints', { ...small, fingerprint: true }, free],
    ['instructions, not accesses', small, new ScriptedDirector([], { granularity: 'instruction' })],
    ['simulated time', small, new ScriptedDirector([], { scheduling: 'policy' })],
  ] as const)('builds another one for who wants %s', (_what, config, director) => {
    const pool = new MachinePool();
    const machine = pool.take(small, free);
    pool.giveBack(machine);
    expect(pool.take(config, director)).not.toBe(machine);
  });

  it('hands a machine that keeps fingerprints to who does not want them', () => {
    const pool = new MachinePool();
    const machine = pool.take({ ...small, fingerprint: true }, free);
    pool.giveBack(machine);
    expect(pool.take(small, free)).toBe(machine);
  });

  it('ends what those before listened to', () => {
    const heard: string[] = [];
    const pool = new MachinePool((taken) => taken.events.on('spawn', () => heard.push('pool')));
    const machine = pool.take(small, free);
    machine.events.on('spawn', () => heard.push('event'));
    machine.watchOperations(() => heard.push('operation'));
    machine.attach({ observer: { onAccess: () => void heard.push('access') } });
    machine.ahead.holdBack(() => true);
    pool.giveBack(machine);
    pool.take(small, free);
    machine.reset(free);
    const process = machine.createProcess('main');
    process.spawn(function* storing(t) {
      yield* t.store(process.allocate(4), 1);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(heard).toEqual(['pool']);
  });
});

/** Two threads that add to a word by a load and a store, which loses one of the two. */
const failing = declare({
  name: 'lost update',
  machine: small,
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let n = 0; n < 2; n++)
      lab.spawn(function* increment(t) {
        yield* t.store(word, (yield* t.load(word)) + 1);
      });
    return word;
  },
  check: (word, lab) => lab.expectEqual(lab.process.read32(word), 2, 'the word'),
});

/** All that the command does with a scenario, one thing after the other. */
function everything(scenario: Scenario, options: CheckOptions): unknown[] {
  const machine = searchedMachine(options);
  const differing = nondeterminism(scenario, machine);
  const units = checkUnits(scenario, options);
  const values = units
    .plan('whole')
    .map(({ work }) => units.perform(work, [], () => undefined).value);
  const result = units.merge(values);
  const recorded = {
    decisions: result.decisions!,
    scheduling: 'free',
    granularity: 'access',
  } as const;
  const shrunk = shrinkRun(scenario, recorded)!;
  const { rows, finding } = recordRun(scenario, shrunk.recorded);
  return [differing, result, shrunk, rows, finding, pointOfNoReturn(scenario, shrunk.recorded)];
}

/** The same scenario, and the machines on which it was set up. */
function counting(scenario: Scenario): { counted: Scenario; machines: Set<Machine> } {
  const machines = new Set<Machine>();
  const counted: Scenario = {
    ...scenario,
    machines: new MachinePool(),
    setup(lab) {
      machines.add(lab.machine);
      return scenario.setup(lab);
    },
  };
  return { counted, machines };
}

const optionsOf = (search: SearchName) => ({ search, kernelEvents: 1, executions: 200 });

it.each<[SearchName, number]>([
  ['graphs', 1],
  ['states', 1],
  // The point of no return needs fingerprints, which would slow the search down.
  ['classes', 2],
  ['random', 1],
  ['walk', 1],
])('all that is done with a scenario searched by %s takes %i machines at most', (search, count) => {
  const { counted, machines } = counting(failing);
  everything(counted, optionsOf(search));
  expect(machines.size).toBe(count);
});

it('a search of states that is planned in rounds leaves its machine to whoever does them all alone', () => {
  const { counted, machines } = counting(failing);
  const units = checkUnits(counted, { search: 'states', kernelEvents: 1 });
  units.plan('rounds');
  expect(() => checkUnits(counted, { search: 'states', preemptions: 1 }).plan('rounds')).toThrow(
    'expected a scenario whose states can be kept',
  );
  units.merge([units.perform('everything', [], () => undefined).value]);
  expect(machines.size).toBe(1);
});

describe.each<SearchName>(['graphs', 'states', 'classes', 'random', 'walk'])(
  'all that is done with a scenario searched by %s',
  (search) => {
    const options = optionsOf(search);

    it('comes to the same as on a machine for each thing', () => {
      const { counted } = counting(failing);
      expect(everything(counted, options)).toEqual(everything(failing, options));
    });

    it('leaves the machine as good as new', () => {
      const { counted } = counting(failing);
      const first = check(counted, options);
      everything(counted, options);
      expect(check(counted, options)).toEqual(first);
    });
  },
);

describe('a runner', () => {
  it('gives nothing back where there is no pool', () => {
    const runner = new ScenarioRunner(failing, free);
    runner.giveBack();
    expect(runner.run(free).result.outcome).toBe('finished');
  });
});
