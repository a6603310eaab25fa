import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScannedRanking } from '../../../src/kernel/sched/scanned-ranking.js';
import { TournamentRanking } from '../../../src/kernel/sched/tournament-ranking.js';

const CPUS = [0, 1, 2, 3, 8, 9, 11, 40];
const nodeOf = (cpu: number): number => (cpu < 3 ? 0 : cpu < 10 ? 2 : 1);

describe('TournamentRanking', () => {
  it('answers as a scan does, for any values, filters and offline CPUs', () => {
    const operation = fc.record({
      cpu: fc.constantFrom(...CPUS),
      value: fc.integer({ min: -1, max: 3 }),
      online: fc.boolean(),
      node: fc.integer({ min: -1, max: 3 }),
      refused: fc.uniqueArray(fc.constantFrom(...CPUS)),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 50 }), (operations) => {
        const values = new Map<number, number>();
        const offline = new Set<number>();
        const tournament = new TournamentRanking({ cpus: CPUS, nodeOf });
        const scan = new ScannedRanking({ cpus: CPUS, nodeOf }, (cpu) => values.get(cpu) ?? 0);
        for (const { cpu, value, online, node, refused } of operations) {
          values.set(cpu, value);
          tournament.update(cpu, value);
          tournament.setOnline(cpu, online);
          if (online) offline.delete(cpu);
          else offline.add(cpu);
          const accept = (candidate: number, subject: number): boolean =>
            subject === 77 && !offline.has(candidate) && !refused.includes(candidate);
          expect(tournament.lowest(node, accept, 77)).toBe(scan.lowest(node, accept, 77));
          expect(tournament.highest(node, accept, 77)).toBe(scan.highest(node, accept, 77));
          expect(tournament.valueOf(cpu)).toBe(scan.valueOf(cpu));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('looks at O(log n) nodes of a machine with 4096 CPUs', () => {
    const cpus = Array.from({ length: 4096 }, (_, cpu) => cpu);
    const ranking = new TournamentRanking({ cpus, nodeOf: () => 0 });
    const accept = (): boolean => true;
    for (let round = 0; round < 10_000; round++)
      ranking.update((round * 2654435761) % 4096, round % 50);
    const before = ranking.visits;
    for (let round = 0; round < 1000; round++) {
      ranking.update((round * 2654435761) % 4096, round % 50);
      ranking.lowest(-1, accept, 0);
      ranking.highest(0, accept, 0);
    }
    // log2(4096) = 12: two climbs and two descents that see both children.
    expect((ranking.visits - before) / 1000).toBeLessThan(6 * 12);
  });

  it('forgets values and offline CPUs on reset', () => {
    const ranking = new TournamentRanking({ cpus: [0, 1], nodeOf: () => 0 });
    ranking.update(1, 5);
    ranking.setOnline(0, false);
    ranking.reset();
    expect(ranking.highest(-1, () => true, 0)).toBe(0);
    expect(ranking.valueOf(1)).toBe(0);
  });
});
