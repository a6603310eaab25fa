import { describe, expect, it } from 'vitest';
import type { Contestant } from '../measure/contestant.js';
import { quartiles } from '../measure/quartiles.js';
import type { Sample } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';

class FakeContestant implements Contestant {
  readonly name: string;
  rounds = 0;
  closed = 0;
  readonly #play: (round: number) => Sample;

  constructor(name: string, play: (round: number) => Sample) {
    this.name = name;
    this.#play = play;
  }

  round(): Promise<Sample> {
    return Promise.resolve().then(() => this.#play(this.rounds++));
  }

  close(): void {
    this.closed += 1;
  }
}

describe('a tournament', () => {
  it('takes ratios between samples of the same round, so that a slow phase cancels out', async () => {
    const slow = (round: number): number => (round % 2 === 0 ? 1 : 3);
    const base = new FakeContestant('base', (round) => ({ work: 100, seconds: slow(round) }));
    const twice = new FakeContestant('twice', (round) => ({ work: 200, seconds: slow(round) }));
    const tournament = new Tournament([base, twice]);
    await tournament.play(6);
    expect(tournament.ratio('twice', 'base')).toEqual({ low: 2, median: 2, high: 2 });
    expect(tournament.rate('base').low).toBeCloseTo(100 / 3);
    expect(tournament.rate('base').high).toBe(100);
    expect(tournament.work('twice')).toBe(200);
  });

  it('does not count the rounds in which code is warmed up', async () => {
    const cold = (round: number): Sample => ({ work: 1, seconds: round < 4 ? 1000 : 1 });
    const tournament = new Tournament([new FakeContestant('a', cold)]);
    await tournament.play(3);
    expect(tournament.rate('a')).toEqual({ low: 1, median: 1, high: 1 });
  });

  it('counts real time where it is asked for', async () => {
    const tournament = new Tournament([
      new FakeContestant('one', () => ({ work: 8, seconds: 2, realSeconds: 4 })),
      new FakeContestant('two', () => ({ work: 8, seconds: 4, realSeconds: 2 })),
    ]);
    await tournament.play(3);
    expect(tournament.ratio('two', 'one').median).toBe(0.5);
    expect(tournament.ratio('two', 'one', 'realSeconds').median).toBe(2);
    expect(tournament.rate('one', 'realSeconds').median).toBe(2);
  });

  it('gives time per step, and by which factor it is longer', async () => {
    const tournament = new Tournament([
      new FakeContestant('plain', () => ({ work: 1, steps: 1000, seconds: 1e-6 })),
      new FakeContestant('watched', () => ({ work: 1, steps: 500, seconds: 1e-6 })),
    ]);
    await tournament.play(3);
    expect(tournament.nsPerStep('plain').median).toBeCloseTo(1);
    expect(tournament.stepFactor('watched', 'plain').median).toBeCloseTo(2);
  });

  it('ends every contestant, also when one fails', async () => {
    const good = new FakeContestant('good', () => ({ work: 1, seconds: 1 }));
    const bad = new FakeContestant('bad', () => {
      throw new Error('lost an update');
    });
    await expect(new Tournament([good, bad]).play(1)).rejects.toThrow('lost an update');
    expect([good.closed, bad.closed]).toEqual([1, 1]);
  });
});

describe('quartiles', () => {
  it('are interpolated between neighbours, whatever the order', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
    expect(quartiles([5])).toEqual({ low: 5, median: 5, high: 5 });
  });

  it('do not exist of nothing', () => {
    expect(() => quartiles([])).toThrow('expected at least one value');
  });
});
