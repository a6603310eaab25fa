import { describe, expect, it, vi } from 'vitest';

describe('examples/shrunk-schedule.mjs', () => {
  it('starts from a failing token, and shows a schedule with less in it', async () => {
    const lines: string[] = [];
    const log = vi
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void lines.push(line));
    await import(new URL('../../../examples/shrunk-schedule.mjs', import.meta.url).href);
    log.mockRestore();
    const text = lines.join('\n');
    expect(text).toMatch(/^rseqlab1:counter:/);
    const costs = [...text.matchAll(/^(?:before|after): (\d+) switches, (\d+) kernel events/gm)];
    const [[, switches, events], [, fewer, fewest]] = costs as unknown as readonly [
      readonly string[],
      readonly string[],
    ];
    expect(Number(fewer)).toBeLessThan(Number(switches));
    expect(Number(fewest)).toBeLessThan(Number(events));
    expect(Number(fewest)).toBe(0);
    expect(text).toMatch(/assertion: expected the sum to be 9, got \d/);
    expect(text).toMatch(/T\d load32 .* at shrunk-schedule\.mjs:\d+/);
  });
});
