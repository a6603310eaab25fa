import { describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';

async function runJson(...args: readonly string[]) {
  const { status, out } = await command(['run', ...args, '--json']);
  return { status, json: JSON.parse(out) as Record<string, unknown> };
}

describe('run', () => {
  it('prints counts and simulated times, with status 0 when nothing is found', async () => {
    const { status, out, err } = await command(['run', 'holds.ts']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^atomic adds: nothing was found in one run \(timed director, seed 1\)\n/);
    expect(out).toMatch(/simulated time +[\d,]+ cycles, [\d,]+ ns\n/);
    expect(out).toMatch(/CPU 0 +[\d,]+ instructions, [\d,]+ cycles\n/);
  });

  it('prints them as JSON', async () => {
    const { status, json } = await runJson('holds.ts', '--seed', '7');
    expect(status).toBe(0);
    expect(json).toMatchObject({
      outcome: 'holds',
      ended: 'finished',
      scenario: 'atomic adds',
      director: 'timed',
      seed: 7,
      cpus: [{ cpu: 0 }, { cpu: 1 }],
      events: { syscalls: 2 },
    });
    for (const name of ['steps', 'cycles', 'nanoseconds', 'decisions'])
      expect(json[name]).toBeGreaterThan(0);
  });

  it('does the same with the same seed', async () => {
    const options = ['lost-update.ts', '--director', 'random', '--seed', '3'];
    expect(await runJson(...options)).toEqual(await runJson(...options));
  });

  it('finds different things with different seeds of the random director', async () => {
    const statuses = new Set<number>();
    for (let seed = 1; seed <= 20; seed++)
      statuses.add(
        (await runJson('lost-update.ts', '--director', 'random', '--seed', `${seed}`)).status,
      );
    expect([...statuses].sort()).toEqual([0, 1]);
  });

  it('reports what it finds, with a token that replays it', async () => {
    const { status, json } = await runJson('always-fails.ts');
    expect(status).toBe(1);
    expect(json).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'assertion', message: 'expected the word to be 2, got 1' },
    });
    const replayed = await command(['replay', json['token'] as string]);
    expect(replayed.status).toBe(1);
    expect(replayed.out).toContain('expected the word to be 2, got 1');
  });

  it('shows the schedule of what it finds', async () => {
    const { status, out } = await command(['run', 'always-fails.ts']);
    expect(status).toBe(1);
    expect(out).toContain('something was found in one run');
    expect(out).toMatch(/T0 store32 {2}\[0x10000000\] = 1/);
    expect(out).toMatch(/rseqlab replay rseqlab1:always-fails\.ts:\S+\n$/);
  });

  it('gives up after so many decisions, with status 3', async () => {
    const { status, json } = await runJson('endless.ts', '--decisions', '100');
    expect(status).toBe(3);
    expect(json).toMatchObject({ outcome: 'unknown', ended: 'limit', decisions: 100 });
  });
});
