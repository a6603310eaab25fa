import { DecisionKind, NO_DECISION, decisionKind, futexWait } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../src/debug/arrivals.js';
import { DebugRun } from '../../src/debug/debug-run.js';
import { TurnTaking } from '../../src/debug/turn-taking.js';
import { scenario } from '../../src/scenario.js';
import type { Lab } from '../../src/lab.js';

const debug = (setup: (lab: Lab) => void, memory: 'sc' | 'tso' = 'sc'): DebugRun =>
  new DebugRun(scenario({ name: 'turns', machine: { cpus: 2, memory }, setup }));

/** Takes turns to the end, and notes which kinds of decisions that took. */
function kinds(run: DebugRun): { readonly outcome: string; readonly seen: ReadonlySet<number> } {
  const turns = new TurnTaking();
  const seen = new Set<number>();
  const outcome = run.go((point) => {
    const decision = turns.next(point);
    if (decision !== NO_DECISION) seen.add(decisionKind(decision));
    return decision;
  });
  return { outcome, seen };
}

describe('taking turns', () => {
  it('lets buffered stores reach memory while others wait for them in a loop', () => {
    const run = debug((lab) => {
      const word = lab.process.allocate(4);
      lab.spawn(function* storing(t) {
        yield* t.store(word, 1);
        while ((yield* t.load(word + 0)) !== 2);
      });
      lab.spawn(function* polling(t) {
        while ((yield* t.load(word)) !== 1);
        yield* t.store(word, 2);
      });
    }, 'tso');
    const { outcome, seen } = kinds(run);
    expect(outcome).toBe('finished');
    expect(seen).toContain(DecisionKind.Drain);
  });

  it('gives the CPU to a queued thread only where nobody else can go on', () => {
    const run = debug((lab) => {
      const word = lab.process.allocate(4);
      for (const cpu of [0, 1])
        lab.spawn(
          function* waiting(t) {
            yield* t.waitUntilEqual(word, 1);
          },
          { cpu },
        );
      lab.spawn(
        function* storing(t) {
          yield* t.store(word, 1);
        },
        { cpu: 0 },
      );
    });
    const { outcome, seen } = kinds(run);
    expect(outcome).toBe('finished');
    expect(seen).toContain(DecisionKind.Preempt);
  });

  it('ends where every thread sleeps for good', () => {
    const run = debug((lab) => {
      const word = lab.process.allocate(4);
      lab.spawn(function* sleeping(t) {
        yield* futexWait(t, word, 0);
      });
    });
    expect(kinds(run).outcome).toBe('stuck');
  });
});

describe('arrivals', () => {
  const two = () =>
    debug((lab) => {
      for (let i = 0; i < 2; i++)
        lab.spawn(function* fencing(t) {
          yield* t.fence();
        });
    });

  it('are of those who have moved since the last look', () => {
    const run = two();
    const arrivals = new Arrivals(run);
    expect(arrivals.look()).toEqual([]);
    run.decide(run.possible()[0]!);
    expect(arrivals.look()).toEqual([
      { cpu: 0, thread: 0, ip: run.nextInstruction(0), operations: 1 },
    ]);
    expect(arrivals.look()).toEqual([]);
  });

  it('at the start are of all who run, at the instruction that their programs begin with', () => {
    const run = two();
    const [first] = new Arrivals(run, true).look();
    expect(first).toMatchObject({ cpu: 0, thread: 0, operations: 0 });
    const access = run.machine.programs[0]!;
    expect(first?.ip).toBe(access.addressOf('fence'));
    expect(run.position).toBe(0);
  });
});
