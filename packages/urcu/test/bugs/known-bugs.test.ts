import { describe, expect, it } from 'vitest';
import { hunt, replayed, shrunkBug } from './hunt.js';
import { KNOWN_BUGS } from './known-bugs.js';

describe.each(KNOWN_BUGS.map((bug) => [bug.name, bug] as const))('the bug "%s"', (_, bug) => {
  const { kind, message } = bug.finding;

  it('is found by the exhaustive search, and again from the token of its shrunk schedule', () => {
    const result = hunt(bug, { search: 'states' });
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents: bug.kernelEvents });
    const { token, kernelEvents } = shrunkBug(bug, result);
    expect(kernelEvents).toBe(bug.kernelEvents);
    const finding = replayed(bug, token);
    expect(finding).toMatchObject({ kind, message: expect.stringMatching(message) as string });
  });

  it('is not in the correct twin, in every interleaving with as many kernel events', () => {
    const { finding, reason } = hunt(bug, { search: 'states', isBroken: false });
    expect(finding).toBeUndefined();
    expect(reason).toBe(`the bound of ${bug.kernelEvents} kernel events`);
  });
});
