import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { ChoiceKind, DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import { recordRun } from '../../src/trace/record-run.js';
import { BASE_NAMES } from './traced-scenarios.js';

const COUNTER = scenario({
  name: 'per-CPU counter',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* increment(t) {
        yield* counter.add(t, 1);
      });
    return counter;
  },
  check(counter, lab) {
    lab.expectEqual(counter.sum(), 2);
  },
});

const step = encodeDecision(DecisionKind.Step, 0, 1);
const decisions = Uint32Array.of(
  encodeDecision(DecisionKind.Choice, ChoiceKind.NextThread, 0),
  step,
  step,
  encodeDecision(DecisionKind.Preempt, 0, 1),
  ...Array.from({ length: 10 }, () => step),
);

describe('a trace of a section that is aborted', () => {
  const run = { decisions, scheduling: 'free', granularity: 'access' } as const;
  const trace = recordRun(COUNTER, run, BASE_NAMES);

  it('has a row for the abort, with where the thread was and where it goes on', () => {
    const aborts = trace.rows.filter(({ kind }) => kind === 'abort');
    expect(aborts).toHaveLength(1);
    expect(aborts[0]).toMatchObject({ thread: 0, cpu: 0 });
    expect(aborts[0]?.text).toMatch(/^abort: T0 was at ld32 r6, \[r5\], goes on at \S/);
  });

  it('shows the section from its start again, with the remarks of its author', () => {
    const notes = trace.rows
      .filter(({ kind, thread }) => kind === 'step' && thread === 0)
      .flatMap(({ note }) => (note === undefined ? [] : [note]));
    expect(notes.filter((note) => note.startsWith('arm'))).toHaveLength(2);
    expect(notes.filter((note) => note.startsWith('commit'))).toHaveLength(1);
    expect(trace.finding).toBeUndefined();
    expect(trace.outcome).toBe('finished');
  });
});
