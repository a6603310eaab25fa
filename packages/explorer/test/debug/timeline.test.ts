import { ChoiceKind, DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../src/debug/timeline.js';

const step = (cpu: number) => encodeDecision(DecisionKind.Step, cpu, 1);
const answer = (n: number) => encodeDecision(DecisionKind.Choice, ChoiceKind.NextThread, n);

const WORDS = [answer(1), step(0), step(1), answer(2), answer(3), step(2)];

describe('a timeline', () => {
  it('tells decisions from the answers that they asked for', () => {
    const timeline = new Timeline(WORDS);
    expect(timeline.length).toBe(3);
    expect([0, 1, 2, 3].map((at) => timeline.at(at))).toEqual([
      step(0),
      step(1),
      step(2),
      undefined,
    ]);
    const answers = (position: number) => [0, 1, 2].map((n) => timeline.answer(position, n));
    expect(answers(0)).toEqual([answer(1), undefined, undefined]);
    expect(answers(1)).toEqual([undefined, undefined, undefined]);
    expect(answers(2)).toEqual([answer(2), answer(3), undefined]);
    expect(answers(3)).toEqual([undefined, undefined, undefined]);
  });

  it('is cut behind a decision and its answers, and takes the rest back', () => {
    const timeline = new Timeline(WORDS);
    const rest = timeline.cut(2);
    expect(rest).toEqual([step(2)]);
    expect([...timeline.upTo(2)]).toEqual(WORDS.slice(0, 5));
    timeline.append(rest);
    expect([...timeline.upTo(3)]).toEqual(WORDS);
    expect(timeline.cut(0)).toEqual(WORDS.slice(1));
    expect([...timeline.upTo(0)]).toEqual([answer(1)]);
  });
});
