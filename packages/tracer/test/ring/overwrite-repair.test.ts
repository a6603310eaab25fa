import { describe, expect, it } from 'vitest';
import { DecisionKind, Machine, encodeDecision } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RecordOutcome } from '../../src/ring/ring-buffers.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { lossOffset } from '../../src/ring/ring-layout.js';
import { RING_VARIANT } from '../../src/ring/ring-variant.js';
import type { RingVariant } from '../../src/ring/ring-variant.js';
import { SnapshotReader } from '../../src/ring/snapshot-reader.js';
import { wholeRecords } from '../../src/ring/whole-records.js';
import { Interrupter } from './interrupter.js';

const GEOMETRY: RingGeometry = {
  subbufBytes: 64,
  subbufCount: 2,
  mode: 'overwrite',
  isShared: true,
};

/** More than go into the ring: the writer comes around to what the victim left. */
const LATER = 16;

interface AfterKill {
  /** What became of the later events. */
  readonly outcomes: readonly RecordOutcome[];
  /** Events in a snapshot before the later ones, and behind them. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
  readonly dead: number;
  readonly wasKilled: boolean;
}

/** What a process records and finds in snapshots after another one was killed in the middle of a record. */
function afterKill(
  instructions: number,
  memory: MemoryModelName,
  variant: RingVariant = RING_VARIANT,
): AfterKill {
  const kill = encodeDecision(DecisionKind.Kill, 0, 0);
  const machine = new Machine(
    {
      cpus: 1,
      memory,
      kernel: [rseq()],
      events: { kills: ['victim'] },
      memoryBytes: 2 ** 21,
      maxThreads: 4,
      maxProcesses: 3,
    },
    new Interrupter(instructions, [kill]),
  );
  const shared = machine.createSharedMemory(RingBuffers.sizeBytes(machine, GEOMETRY));
  const victim = machine.createProcess('victim');
  const victimBuffers = RingBuffers.attach(machine, victim, shared, GEOMETRY);
  victim.spawn(function* victimThread(t) {
    for (let n = 0; n < 2; n++) yield* victimBuffers.record(t, n, [n]);
  });
  const healthy = machine.createProcess('healthy');
  const buffers = RingBuffers.attach(machine, healthy, shared, GEOMETRY, variant);
  const outcomes: RecordOutcome[] = [];
  const snapshots: number[][] = [];
  healthy.spawn(function* producerAndReader(t) {
    const reader = new SnapshotReader(machine, buffers, 0);
    function* snapshot(): Generator<undefined, void, undefined> {
      const found: number[] = [];

      yield* reader.snapshot(t, function* read(_t, subbuf) {
        for (const { eventId, payload } of wholeRecords(healthy, subbuf))
          found.push(payload[0] === eventId ? eventId : -1);
      });
      snapshots.push(found);
    }
    if (instructions % 2 === 0) yield* snapshot();
    for (let n = 2; n < 2 + LATER; n++) outcomes.push(yield* buffers.record(t, n, [n]));
    yield* snapshot();
  });
  expect(machine.run({ decisions: 20_000 }).outcome).toBe('finished');
  const dead = healthy.read32(buffers.ringOf(0) + lossOffset('dead'));
  const [behind = [], before = []] = snapshots.reverse();
  return { outcomes, before, behind, dead, wasKilled: machine.decisions.includes(kill) };
}

describe.each(['sc', 'tso', 'weak'] as const)(
  'a ring in mode overwrite whose producer was killed, %s',
  (memory) => {
    it('takes everything that a later one records, at whatever instruction it dies', () => {
      const problems: string[] = [];
      let kills = 0;
      let dead = 0;
      for (let instructions = 1; instructions < 130; instructions++) {
        const found = afterKill(instructions, memory);
        if (found.wasKilled) kills += 1;
        dead += found.dead;
        const lost = found.outcomes.filter((outcome) => 'loss' in outcome);
        // Five records of 12 bytes are in a sub-buffer of 64: the newest ones, up to the last.
        const newest = Array.from(
          { length: found.behind.length },
          (_, n) => 2 + LATER - found.behind.length + n,
        );
        if (lost.length > 0 || found.behind.length < 6 || found.behind.join() !== newest.join())
          problems.push(`${instructions}: ${JSON.stringify(found)}`);
        if (found.before.includes(-1) || found.before.length + found.dead > 2)
          problems.push(`${instructions}: before ${found.before.join()}, dead ${found.dead}`);
      }
      expect(problems).toEqual([]);
      expect(kills).toBeGreaterThan(80);
      // Snapshots found records that were reserved and not whole, and counted them.
      expect(dead).toBeGreaterThan(2);
    });

    it('would lose everything for good, were it not repaired', () => {
      const variant = { ...RING_VARIANT, repairsWraps: false };
      const wedged = Array.from({ length: 40 }, (_, n) =>
        afterKill(2 * n + 21, memory, variant),
      ).filter(({ outcomes }) => outcomes.some((outcome) => 'loss' in outcome));
      expect(wedged.length).toBeGreaterThan(4);
      for (const { outcomes } of wedged) expect(outcomes.at(-1)).toEqual({ loss: 'wrap' });
    });
  },
);
