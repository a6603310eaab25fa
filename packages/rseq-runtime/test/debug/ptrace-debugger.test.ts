import { describe, expect, it } from 'vitest';
import { debugCounter } from './debugged-counter.js';

/** Stops of one attempt of the counter's routine up to the section. */
const APPROACH = ['add', 'add+4', 'add+12'];

describe('a debugger that knows nothing of sections', () => {
  it('livelocks by hardware steps: no step passes the first instruction of the section', () => {
    const { stops, aborts } = debugCounter('single-step', false);
    expect(aborts).toBeGreaterThan(10);
    expect(stops.slice(0, 12)).toEqual([
      ...[...APPROACH, 'cs.start'],
      ...[...APPROACH, 'cs.start'],
      ...[...APPROACH, 'cs.start'],
    ]);
    expect(stops).not.toContain('cs.start+4');
  });

  it('livelocks until it lets go, then the thread gets through', () => {
    const { outcome, word } = debugCounter('single-step', false);
    expect({ outcome, word }).toEqual({ outcome: 'finished', word: 1 });
  });

  it('is found by the lab, with the name of the section', () => {
    const { livelock } = debugCounter('single-step', false);
    expect(livelock).toMatchObject({
      thread: 0,
      aborts: 8,
      section: { program: 'counter', name: 'cs' },
    });
  });

  it('gets through by breakpoints: the section starts over at every step, up to the next one', () => {
    const { stops, aborts, livelock, outcome, word } = debugCounter('breakpoint', false);
    expect(stops).toEqual([
      ...APPROACH,
      'cs.start',
      'cs.start+4',
      'cs.start+8',
      'cs.start+12',
      'cs.postCommit',
    ]);
    expect({ aborts, livelock, outcome, word }).toEqual({
      aborts: 4,
      livelock: undefined,
      outcome: 'finished',
      word: 1,
    });
  });
});

describe('a debugger that knows the sections', () => {
  it.each(['single-step', 'breakpoint'] as const)('steps over each as one, by %s', (mode) => {
    const { stops, ...run } = debugCounter(mode, true);
    expect(stops).toEqual([...APPROACH, 'cs.postCommit']);
    expect(run).toEqual({ outcome: 'finished', word: 1, aborts: 0, livelock: undefined });
  });

  it('gets out of a section that it came into, by the abort handler', () => {
    const { stops, ...run } = debugCounter('single-step', true, 'cs.start+8');
    expect(stops).toEqual(['cs.start+8', 'cs.abort', 'add', 'add+4', 'add+12', 'cs.postCommit']);
    expect(run).toEqual({ outcome: 'finished', word: 1, aborts: 1, livelock: undefined });
  });
});
