import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireIdentity } from '../../../src/search/plan/plan-identity.js';
import type { PlanIdentity } from '../../../src/search/plan/plan-identity.js';
import {
  decodePlan,
  decodeResults,
  encodePlan,
  encodeResults,
} from '../../../src/search/plan/plan-text.js';

const identity: PlanIdentity = {
  version: '1.2.3',
  strategy: 'adding up',
  subject: 'Abcd1234',
  options: '{"most":5}',
};
const results = [
  { path: '0', value: { sum: 1 }, rest: [{ work: [2], weight: 0.5 }] },
  { path: '0.0', value: { sum: 2 }, ends: true },
];
const text = encodeResults({ identity, results });
const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'ERR_PLAN',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('results as text', () => {
  it('come back as they were', () => {
    expect(decodeResults(text, 'file')).toEqual({ identity, results });
  });

  it('are refused wherever they are cut short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(() => decodeResults(text.slice(0, length), 'resume file')).toThrow(
          refusal(/^expected a whole resume file, got one that was cut short in line \d+$/),
        );
      }),
    );
  });

  it('are refused when a character is another', () => {
    expect(() => decodeResults(text.replace('"sum":1', '"sum":7'), 'resume file')).toThrow(
      refusal('^expected a resume file as it was written, got one that was changed since$'),
    );
  });

  it('are refused when they are something else, or of another format', () => {
    expect(() => decodeResults('#!/bin/sh\n', 'resume file')).toThrow(
      refusal('^expected a resume file, got something else$'),
    );
    expect(() => decodeResults(encodePlan({ identity, units: [], order: 1 }), 'file')).toThrow(
      refusal('^expected a file, got something else$'),
    );
    expect(() => decodeResults(text.replace('"format":1', '"format":2'), 'file')).toThrow(
      refusal('^expected a file of format 1, got format 2$'),
    );
  });
});

describe('a plan as text', () => {
  it('comes back as it was', () => {
    const plan = { identity, order: { file: 'a.ts' }, units: [{ work: 'all', weight: 1 }] };
    expect(decodePlan(encodePlan(plan))).toEqual(plan);
  });
});

describe('the identity of a plan', () => {
  it.each([
    ['version', 'expected a file of rseqlab 1.2.3, got one of rseqlab other'],
    ['strategy', 'expected a file of adding up, got one of other'],
    ['options', 'expected a file of the same options ({"most":5}), got one of others (other)'],
    [
      'subject',
      'expected a file of these files as they are now (Abcd1234), got one of others (other)',
    ],
  ])('refuses another %s by name', (name, message) => {
    expect(() => requireIdentity({ ...identity, [name]: 'other' }, identity, 'file')).toThrow(
      expect.objectContaining({ code: 'ERR_PLAN', message }) as Error,
    );
  });

  it('takes its equal', () => {
    expect(() => requireIdentity({ ...identity }, identity, 'file')).not.toThrow();
  });
});
