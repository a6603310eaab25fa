import { describe, expect, it } from 'vitest';
import {
  Machine,
  ScriptedDirector,
  decodeToken,
  encodeToken,
  formatDecision,
} from '@rseqlab/sim-machine';
import type { Director } from '@rseqlab/sim-machine';
import { LIMIT, fingerprintOf, listen, prepare, record } from './law-recording.js';
import type { Recording } from './law-recording.js';
import { LAW_WORKLOADS } from './law-workloads.js';
import type { LawWorkload } from './law-workloads.js';
import { IMPOSSIBLE, Misdirector } from './misdirector.js';

/** A director that the laws are to be tried on. */
export interface DirectorUnderTest {
  readonly name: string;
  /**
   * Makes the director, ready for a run.
   *
   * @param variant 0, 1, ...: seeds, or whatever makes its runs differ
   * @param machine the machine that it will direct; there is one by the time of the first decision
   */
  create(workload: LawWorkload, variant: number, machine: () => Machine): Director;
}

const VARIANTS = 6;

/** A machine that is used for run after run of one workload. */
class Bench {
  readonly #subject: DirectorUnderTest;
  readonly #workload: LawWorkload;
  readonly machine: Machine;

  constructor(subject: DirectorUnderTest, workload: LawWorkload) {
    this.#subject = subject;
    this.#workload = workload;
    this.machine = new Machine(workload.config, this.direct(0));
  }

  /** The director of a variant. */
  direct(variant: number): Director {
    return this.#subject.create(this.#workload, variant, () => this.machine);
  }

  /** A run under that director, or another. */
  run(variant: number, director: Director = this.direct(variant)): Recording {
    this.machine.reset(director);
    return record(this.machine, this.#workload);
  }
}

function forEachVariant(check: (variant: number) => void): void {
  for (let variant = 0; variant < VARIANTS; variant++) check(variant);
}

/** What a run leaves when it went through a token. */
function throughToken({ decisions }: Recording, kind: Director): ScriptedDirector {
  const { scheduling, granularity } = kind;
  const about = { scenario: 'laws', fingerprint: 'AAAAAAAA' };
  const record = decodeToken(encodeToken({ ...about, scheduling, granularity, decisions }));
  expect(record.decisions).toEqual(decisions);
  return new ScriptedDirector(record.decisions, record);
}

/**
 * Tries answers on one machine; after each it has to be as if the answer had not been given. A run
 * that ends before is none to try them on.
 */
function checkRefusals(subject: DirectorUnderTest, workload: LawWorkload, after: number): void {
  const bench = new Bench(subject, workload);
  const { machine } = bench;
  const run = (director: Director): readonly [refusal: unknown, ...seen: unknown[]] => {
    machine.reset(director);
    const events = listen(machine);
    prepare(machine, workload);
    let refusal: unknown;
    try {
      machine.run({ decisions: LIMIT });
    } catch (error) {
      refusal = error;
    }
    machine.events.clear();
    return [refusal, events, fingerprintOf(machine)];
  };
  for (const answer of IMPOSSIBLE) {
    const inner = bench.direct(1);
    const shown = formatDecision(answer);
    const [refusal, ...seen] = run(new Misdirector(inner, after, answer));
    const { decisions } = machine;
    if (refusal === undefined && after > 0 && machine.liveThreads === 0) continue;
    expect(refusal, shown).toMatchObject({ name: 'MachineError', code: 'ERR_DECISION' });
    const { message } = refusal as Error;
    expect(message).toMatch(/^director "misdirector": expected one of .+, got /);
    expect(message.endsWith(`, got ${shown}`), message).toBe(true);
    const [none, ...expected] = run(new ScriptedDirector(decisions, inner));
    expect(none).toBeUndefined();
    expect(seen, shown).toEqual(expected);
  }
}

/** The laws that every director has to keep, as tests. */
export function checkDirectorLaws(subject: DirectorUnderTest): void {
  describe.each(LAW_WORKLOADS)(`the director ${subject.name} on $name`, (workload) => {
    it('gives the same events, decisions and memory for the same input', () => {
      const [one, other] = [new Bench(subject, workload), new Bench(subject, workload)];
      let decisions = 0;
      forEachVariant((variant) => {
        const first = one.run(variant);
        expect(other.run(variant)).toEqual(first);
        expect(first.events.length).toBeGreaterThan(first.result.decisions);
        decisions += first.result.decisions;
      });
      expect(decisions).toBeGreaterThanOrEqual(2 * VARIANTS);
    });

    it('gives the same run on a new machine and on one that was used and reset', () => {
      const used = new Bench(subject, workload);
      const first = record(used.machine, workload);
      forEachVariant((variant) => used.run(variant));
      expect(used.run(0)).toEqual(first);
    });

    it('makes runs that replay bit for bit from their record, also through a token', () => {
      const [original, replay] = [new Bench(subject, workload), new Bench(subject, workload)];
      forEachVariant((variant) => {
        const recorded = original.run(variant);
        const script = throughToken(recorded, original.direct(variant));
        const again = replay.run(variant, script);
        // A script does not say whether its last state was the end.
        const { outcome } = recorded.result;
        expect({ ...again, result: { ...again.result, outcome } }).toEqual(recorded);
        expect(script.position).toBe(recorded.decisions.length);
      });
    });

    it.each([0, 5])('is refused an impossible answer after %i decisions', (after) => {
      checkRefusals(subject, workload, after);
    });
  });
}
