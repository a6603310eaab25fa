import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  NO_DECISION,
  decisionKind,
  decisionX,
  decisionY,
  encodeDecision,
  formatDecision,
  isKernelEvent,
  isStep,
} from '../../src/director/decision.js';
import type { Decision, DecisionKindName } from '../../src/director/decision.js';

const KINDS = Object.entries(DecisionKind) as [DecisionKindName, DecisionKind][];

describe('a decision', () => {
  it('keeps kind and operands, in 32 bits without a sign', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(DecisionKind)),
        fc.nat(0xfff),
        fc.nat(0xffff),
        (kind, x, y) => {
          const decision = encodeDecision(kind, x, y);
          expect(decision).toBeGreaterThanOrEqual(0);
          expect(decision).toBeLessThanOrEqual(0xffffffff);
          expect([decisionKind(decision), decisionX(decision), decisionY(decision)]).toEqual([
            kind,
            x,
            y,
          ]);
        },
      ),
    );
  });

  it('is one number for one meaning: a recorded list reads the same for ever', () => {
    expect(KINDS.map(([, kind]) => encodeDecision(kind, 1, 2) >>> 28)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    ]);
    expect(encodeDecision(DecisionKind.Migrate, 3, 5)).toBe(0x20030005);
  });

  it.each(KINDS)('of kind %s lets a thread run if it is a step', (name, kind) => {
    expect(isStep(encodeDecision(kind, 0xfff, 0xffff))).toBe(name === 'Step');
  });

  it.each([NO_DECISION, -1, 0.5, 2 ** 32 + 1, NaN])('of the number %d is no step', (number) => {
    expect(isStep(number as Decision)).toBe(false);
  });

  it.each(KINDS)('of kind %s is written with its name', (name, kind) => {
    expect(formatDecision(encodeDecision(kind, 1, 23))).toBe(`${name}(1, 23)`);
  });

  it('of no known kind, no decision, and no decision number at all are written as they are', () => {
    expect(formatDecision(0xf0010002 as Decision)).toBe('kind 15(1, 2)');
    expect(formatDecision(NO_DECISION)).toBe('none');
    expect(formatDecision((2 ** 32 + 1) as Decision)).toBe('4294967297');
    expect(formatDecision(1.5 as Decision)).toBe('1.5');
  });

  it('is a kernel event exactly when it is done to programs from outside', () => {
    const events = KINDS.filter(([, kind]) => isKernelEvent(encodeDecision(kind, 0, 0)));
    expect(events.map(([name]) => name)).toEqual([
      'Preempt',
      'Migrate',
      'Tick',
      'Signal',
      'PageOut',
      'Offline',
      'Online',
      'SpuriousWake',
      'Kill',
      'SingleStep',
    ]);
  });
});
