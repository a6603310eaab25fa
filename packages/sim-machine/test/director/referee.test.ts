import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';
import type { Director } from '../../src/director/director.js';
import { ChoiceKind } from '../../src/director/director.js';
import { Referee } from '../../src/director/referee.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';

function answering(answer: number): Director {
  return {
    name: 'stubborn',
    scheduling: 'free',
    granularity: 'access',
    decide: () => encodeDecision(DecisionKind.Step, 0, 1),
    choose: () => answer,
  };
}

const step = encodeDecision(DecisionKind.Step, 0, 1);

describe('Referee', () => {
  it('keeps every decision in order, any number of them', () => {
    const referee = new Referee(answering(0));
    const made = Array.from({ length: 1000 }, (_, y) => encodeDecision(DecisionKind.Step, 1, y));
    for (const decision of made) referee.record(decision);
    expect([...referee.decisions()]).toEqual(made);
    expect(referee.count).toBe(1000);
    expect([...referee.view().subarray(0, 3)]).toEqual(made.slice(0, 3));
  });

  it('gives a copy of the record, which later decisions leave alone', () => {
    const referee = new Referee(answering(0));
    referee.record(step);
    const copy = referee.decisions();
    referee.record(step);
    expect(copy).toHaveLength(1);
  });

  it('records the answer to a question as a Choice', () => {
    const referee = new Referee(answering(2));
    expect(referee.choose(ChoiceKind.Waiter, 3)).toBe(2);
    expect([...referee.decisions()]).toEqual([
      encodeDecision(DecisionKind.Choice, ChoiceKind.Waiter, 2),
    ]);
  });

  it.each([-1, 3, 1.5, NaN, Infinity])('refuses %s as the answer to a choice of 3', (answer) => {
    const referee = new Referee(answering(answer));
    expect(() => referee.choose(ChoiceKind.NextThread, 3)).toThrow(
      expect.objectContaining({
        name: 'MachineError',
        code: 'ERR_DECISION',
        message: `director "stubborn": expected a choice from 0 to 2, got ${answer}`,
      }),
    );
    expect(referee.count).toBe(0);
  });

  it('refuses a decision by naming what was possible, and takes it out of the record', () => {
    const referee = new Referee(answering(0));
    const impossible = encodeDecision(DecisionKind.Migrate, 9, 0);
    referee.record(step);
    referee.record(impossible);
    expect(() => referee.refuse(impossible, [step])).toThrow(
      expect.objectContaining({
        code: 'ERR_DECISION',
        message: 'director "stubborn": expected one of Step(0, 1), got Migrate(9, 0)',
      }),
    );
    expect([...referee.decisions()]).toEqual([step]);
  });

  it('names eight possible decisions at most, and none as none', () => {
    const referee = new Referee(answering(0));
    const refusal = (count: number) => (): never => {
      referee.record(step);
      return referee.refuse(step, new Array<typeof step>(count).fill(step));
    };
    expect(refusal(0)).toThrow('expected one of none, got Step(0, 1)');
    expect(refusal(8)).toThrow(/(Step\(0, 1\), ){8}got/);
    expect(refusal(11)).toThrow(/(Step\(0, 1\), ){8}and 3 more, got/);
  });

  it('starts a new record under a new director', () => {
    const referee = new Referee(answering(0));
    referee.record(step);
    const { scheduling, granularity } = referee;
    const next = new ScriptedDirector([], { scheduling, granularity });
    referee.reset(next);
    expect(referee.count).toBe(0);
    expect(referee.director).toBe(next);
  });

  it('refuses a director of another kind than the one it was made for', () => {
    const referee = new Referee(answering(0));
    const { granularity } = referee;
    const scheduling = referee.scheduling === 'free' ? 'policy' : 'free';
    const other = new ScriptedDirector([], { scheduling, granularity });
    expect(() => {
      referee.reset(other);
    }).toThrow(expect.objectContaining({ code: 'ERR_STATE' }));
  });
});
