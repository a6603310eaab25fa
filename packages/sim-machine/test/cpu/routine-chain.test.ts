import { expect, it } from 'vitest';
import { NOT_FOLLOWED } from '../../src/cpu/user-mode.js';
import type { ChainCall } from '../../src/cpu/routine-chain.js';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { Machine } from '../../src/machine.js';

const { r0, r1, r2 } = Registers;

const ADD = new ProgramBuilder('add').label('add').add(r0, r1, r2).ret().build();
const DOUBLE = new ProgramBuilder('double').label('double').add(r0, r1, r1).ret().build();

const followable = (machine: Machine): ChainCall[] => [
  {
    routine: machine.install(ADD).routine('add'),
    arguments: [{ input: 0 }, { input: 1 }],
    keeps: [0],
    goesOn: { least: 10 },
  },
  { routine: machine.install(DOUBLE).routine('double'), arguments: [{ kept: 0, plus: 1 }] },
];

/** What following `2 (a + b + 1)` returns and leaves in r0, for pairs of a and b; none where it is not followed. */
function resultsOf(machine: Machine, pairs: readonly (readonly [number, number])[]): number[][] {
  const chain = machine.chains.of(followable(machine), 2);
  const results: number[][] = [];
  machine.createProcess('main').spawn(function* following(t) {
    for (const pair of pairs) {
      chain.inputs.set(pair);
      const done = t.follow(chain);
      if (done !== NOT_FOLLOWED) results.push([done, t.result, chain.kept[0]!]);
    }
    yield* t.fence();
  });
  machine.run();
  return results;
}

const WARM = new Array<[number, number]>(100).fill([5, 6]);

it('computes with inputs and with what calls before have kept, once it pays to have code', () => {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  expect(resultsOf(machine, [...WARM, [5, 6], [20, -10]])).toEqual([
    [2, 24, 0],
    [2, 22, 0],
  ]);
});

it('stops behind a call whose result does not let it go on', () => {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  expect(resultsOf(machine, [...WARM, [5, 4]])).toEqual([[0, 9, 0]]);
});

it('is the same object for the same calls, in a run that installs the same as well', () => {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  const chain = machine.chains.of(followable(machine), 2);
  expect(machine.chains.of(followable(machine), 2)).toBe(chain);
  const [first, second] = followable(machine) as [ChainCall, ChainCall];
  expect(machine.chains.of([first], 2)).not.toBe(chain);
  expect(machine.chains.of([first, { ...second, arguments: [{ kept: 0 }] }], 2)).not.toBe(chain);
  machine.reset(new TimedDirector());
  expect(machine.chains.of(followable(machine), 2)).toBe(chain);
  machine.reset(new TimedDirector());
  machine.install(DOUBLE);
  expect(machine.chains.of(followable(machine), 2)).not.toBe(chain);
});

it('is not followed where an operation is watched', () => {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  machine.watchOperations(() => {
    // Nothing: that there is a listener is enough.
  });
  expect(resultsOf(machine, [...WARM, [5, 6]])).toEqual([]);
});

it.each([100, 101, 102, 103, 104])(
  'is followed as often as a budget of %d has room for the longest way, and no more',
  (budget) => {
    const step = encodeDecision(DecisionKind.Step, 0, budget);
    const director = new ScriptedDirector([step, step], { granularity: 'instruction' });
    const machine = new Machine({ cpus: 1 }, director);
    const chain = machine.chains.of(followable(machine), 2);
    let followed = 0;
    machine.createProcess('main').spawn(function* following(t) {
      chain.inputs.set([5, 6]);
      for (let miss = 0; miss < WARM.length; miss++) t.follow(chain);
      while (t.follow(chain) !== NOT_FOLLOWED) followed += 1;
      yield* t.fence();
    });
    machine.run();
    expect(followed).toBe(Math.floor(budget / 4));
  },
);
