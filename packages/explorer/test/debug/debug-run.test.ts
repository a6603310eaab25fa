import { DecisionKind, NO_DECISION, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision, MachineConfig } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DebugRun } from '../../src/debug/debug-run.js';
import { TurnTaking } from '../../src/debug/turn-taking.js';
import { scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';

const step = (cpu: number, budget = 1): Decision => encodeDecision(DecisionKind.Step, cpu, budget);
const migrate = (thread: number, cpu: number): Decision =>
  encodeDecision(DecisionKind.Migrate, cpu, thread);

/** Three threads on two CPUs that add to a word by load and store. */
const lostUpdate = (machine: MachineConfig = {}) =>
  scenario({
    name: 'lost update',
    machine: { cpus: 2, ...machine },
    setup(lab) {
      const word = lab.process.allocate(4);
      for (let i = 0; i < 3; i++)
        lab.spawn(function* add(t) {
          const value = yield* t.load(word);
          yield* t.store(word, value + 1);
        });
      return word;
    },
    check(word, lab) {
      lab.expectEqual(lab.process.read32(word), 3, 'the word');
    },
  });

const KEPT = { machine: { fingerprint: true } };

/** Goes on to the end, one CPU after the other. */
function finish(run: DebugRun): string {
  const turns = new TurnTaking();
  return run.go((point) => turns.next(point));
}

describe('a run that is debugged', () => {
  it('stops before the first decision, with every thread where its program begins', () => {
    const run = new DebugRun(lostUpdate());
    expect(run).toMatchObject({ position: 0, ahead: 0, outcome: 'stopped', findings: [] });
    expect(run.threads.map(({ state }) => state)).toEqual(['running', 'running', 'ready']);
  });

  it('goes to its end in turns, and says what was found there, once', () => {
    const run = new DebugRun(lostUpdate());
    expect(finish(run)).toBe('finished');
    expect(run.findings.map(({ message }) => message)).toEqual([
      'expected the word to be 3, got 2',
    ]);
    finish(run);
    expect(run.findings).toHaveLength(1);
  });

  it('tells what every decision did', () => {
    const run = new DebugRun(lostUpdate());
    const from = run.rowCount;
    run.decide(step(0));
    run.decide(step(0));
    run.decide(migrate(0, 1));
    const rows = run.rowsFrom(from).map(({ kind, cpu, thread, text }) => [kind, cpu, thread, text]);
    expect(rows).toContainEqual(['step', 0, 0, 'load32']);
    expect(rows).toContainEqual(['event', 1, 0, 'migrate: T0 moves here from CPU 0']);
  });

  it('refuses what is not possible with ERR_DECISION, and nothing has changed', () => {
    const run = new DebugRun(lostUpdate(), KEPT);
    run.decide(step(0));
    run.decide(step(1));
    run.goTo(1);
    const before = run.fingerprint();
    const refused = (): unknown => run.decide(migrate(0, 0));
    expect(refused).toThrow(expect.objectContaining({ code: 'ERR_DECISION' }));
    expect(run.fingerprint()).toBe(before);
    expect(run).toMatchObject({ position: 1, ahead: 1 });
    run.decide(step(1));
    expect(run).toMatchObject({ position: 2, ahead: 0 });
  });

  it('keeps what lies ahead while it is followed, and drops it for another decision', () => {
    const run = new DebugRun(lostUpdate());
    finish(run);
    const end = run.position;
    run.goTo(2);
    expect(run.ahead).toBe(end - 2);
    run.decide(run.nextRecorded);
    expect(run.ahead).toBe(end - 3);
    run.decide(migrate(0, 1));
    expect(run.ahead).toBe(0);
    expect(run.nextRecorded).toBe(NO_DECISION);
  });

  it('says so when the program of a thread throws', () => {
    const run = new DebugRun(
      scenario({
        name: 'throws',
        setup(lab) {
          lab.spawn(function* thrower(t) {
            yield* t.fence();
            throw new Error('no');
          });
        },
      }),
    );
    expect(() => finish(run)).toThrow(expect.objectContaining({ code: 'ERR_SCENARIO' }));
  });
});

describe('going back', () => {
  it('comes to the same state bit for bit, from whatever was decided', () => {
    const memory = fc.constantFrom('sc' as const, 'tso' as const);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 25 }), memory, (draws, model) => {
        const run = new DebugRun(lostUpdate({ memory: model, events: { signals: [10] } }), KEPT);
        const seen = [run.fingerprint()];
        for (const draw of draws) {
          const possible = run.possible();
          if (possible.length === 0) break;
          run.decide(possible[draw % possible.length]!);
          seen.push(run.fingerprint());
        }
        const rows = run.rowsFrom(0);
        for (let position = seen.length - 1; position >= 0; position--) {
          run.goTo(position);
          expect(run.fingerprint()).toBe(seen[position]);
        }
        run.goTo(seen.length - 1);
        expect(run.fingerprint()).toBe(seen.at(-1));
        expect(run.rowsFrom(0)).toEqual(rows);
      }),
      { numRuns: 12 },
    );
  });

  it('looks at every position on the way', () => {
    const run = new DebugRun(lostUpdate(), KEPT);
    const seen: string[] = [];
    const turns = new TurnTaking();
    run.go((point) => {
      seen.push(run.fingerprint());
      return turns.next(point);
    });
    const again: string[] = [];
    run.goTo(seen.length - 1, () => void again.push(run.fingerprint()));
    expect(again).toEqual(seen);
  });
});

describe('a recorded run', () => {
  it('of a search lies ahead, and ends in what the search found', () => {
    const broken = lostUpdate();
    const { decisions } = check(broken) as { decisions: Uint32Array };
    const recorded = { decisions, scheduling: 'free', granularity: 'access' } as const;
    const run = new DebugRun(broken, { recorded });
    expect(run).toMatchObject({ position: 0, granularity: 'access' });
    run.goTo(run.ahead);
    expect(run.outcome).toBe('finished');
    expect(run.findings[0]?.message).toBe('expected the word to be 3, got 2');
    expect(run.recorded).toEqual(recorded);
  });
});
