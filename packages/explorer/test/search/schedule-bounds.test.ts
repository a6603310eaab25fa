import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import type { CheckOptions } from '../../src/search/check.js';
import { adding, countingWith, twoChanges } from './sampling/hunted-bugs.js';

/** An exhaustive search of each kind. */
const EXHAUSTIVE = ['graphs', 'states'] as const;

describe.each(EXHAUSTIVE)('the %s of schedules within a bound', (search) => {
  const outcome = (broken: Parameters<typeof check>[0], options: CheckOptions): string =>
    check(broken, { search, ...options }).outcome;

  it.each(['preemptions', 'delays'] as const)('show a lost update from 1 of %s on', (bound) => {
    expect(outcome(adding(false), { [bound]: 0 })).toBe('unknown');
    expect(outcome(adding(false), { [bound]: 1 })).toBe('fails');
  });

  it.each(['preemptions', 'delays'] as const)('show two changes from 3 of %s on', (bound) => {
    expect(outcome(twoChanges(true), { [bound]: 2 })).toBe('unknown');
    expect(outcome(twoChanges(true), { [bound]: 3 })).toBe('fails');
    expect(outcome(twoChanges(false), { [bound]: 2 })).toBe('unknown');
    expect(outcome(twoChanges(false), { [bound]: 3 })).toBe('holds');
  });

  it('say which bound kept paths from being taken', () => {
    expect(check(adding(false), { search, preemptions: 0, delays: 1 })).toMatchObject({
      outcome: 'unknown',
      reason: 'the bound of 0 preemptions and 1 delays',
    });
  });

  it('are all schedules where no path reaches the bound', () => {
    expect(outcome(adding(true), { preemptions: 3 })).toBe('holds');
    expect(outcome(adding(true), { delays: 9 })).toBe('holds');
  });

  it('count what the kernel does to the running thread as a preemption', () => {
    expect(outcome(countingWith(false), { preemptions: 0, kernelEvents: 2 })).toBe('unknown');
    expect(outcome(countingWith(false), { preemptions: 1, kernelEvents: 2 })).toBe('fails');
  });
});
