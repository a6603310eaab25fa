import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision, NO_DECISION } from '../../src/director/decision.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';

const step = encodeDecision(DecisionKind.Step, 0, 1);
const choice = (answer: number): number => encodeDecision(DecisionKind.Choice, 0, answer);

describe('ScriptedDirector', () => {
  it('makes the decisions of its list in order, then none', () => {
    const director = new ScriptedDirector([step, encodeDecision(DecisionKind.Tick, 1, 0)]);
    expect(director.decide()).toBe(step);
    expect(director.decide()).toBe(encodeDecision(DecisionKind.Tick, 1, 0));
    expect(director.decide()).toBe(NO_DECISION);
    expect(director.decide()).toBe(NO_DECISION);
    expect(director.position).toBe(2);
  });

  it('answers a question with the choice that comes next in the list', () => {
    const director = new ScriptedDirector([step, choice(3), step]);
    director.decide();
    expect(director.choose()).toBe(3);
    expect(director.decide()).toBe(step);
  });

  it('gives an answer out of range where the list has no choice, so that it is refused', () => {
    const director = new ScriptedDirector([step, step]);
    director.decide();
    expect(director.choose()).toBe(-1);
    expect(director.position).toBe(1);
  });

  it('answers 0 behind the end of its list', () => {
    expect(new ScriptedDirector([]).choose()).toBe(0);
  });

  it('starts over at every run', () => {
    const director = new ScriptedDirector([step, choice(1)]);
    director.decide();
    director.choose();
    director.start();
    expect(director.position).toBe(0);
    expect(director.decide()).toBe(step);
  });

  it('schedules freely and stops anywhere, unless told otherwise', () => {
    expect(new ScriptedDirector([])).toMatchObject({
      scheduling: 'free',
      granularity: 'instruction',
    });
    expect(new ScriptedDirector([], { scheduling: 'policy', granularity: 'access' })).toMatchObject(
      { scheduling: 'policy', granularity: 'access' },
    );
  });
});
