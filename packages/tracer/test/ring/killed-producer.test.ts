import { describe, expect, it } from 'vitest';
import { DecisionKind, Machine, encodeDecision } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { FRAME_COMMITTED } from '../../src/ring/frame.js';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import { RingReader } from '../../src/ring/ring-reader.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { lossOffset } from '../../src/ring/ring-layout.js';
import { TracerError } from '../../src/tracer-error.js';
import { Interrupter } from './interrupter.js';

const GEOMETRY: RingGeometry = {
  subbufBytes: 64,
  subbufCount: 2,
  mode: 'discard',
  isShared: true,
};

const LATER = 8;

/** What a consumer in a process of its own finds after a producer was killed and another one recorded. */
function afterKill(
  instructions: number,
  memory: MemoryModelName,
): {
  readonly victims: number;
  readonly later: readonly number[];
  readonly dead: number;
  readonly wasKilled: boolean;
} {
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
  const of = (process: typeof victim): RingBuffers =>
    RingBuffers.attach(machine, process, shared, GEOMETRY);
  const victimBuffers = of(victim);
  victim.spawn(function* victimThread(t) {
    for (let n = 0; n < 2; n++) yield* victimBuffers.record(t, n, [100 + n]);
  });
  const healthy = machine.createProcess('healthy');
  const buffers = of(healthy);
  const found: number[] = [];
  healthy.spawn(function* producerAndConsumer(t) {
    const reader = new RingReader(buffers, 0);
    for (let n = 2; n < 2 + LATER; n++) {
      yield* buffers.record(t, n, [100 + n]);
      yield* buffers.closeSubbuf(t);
      for (let subbuf = yield* reader.next(t); subbuf !== undefined;) {
        for (let at = 0; at < subbuf.contentBytes; at += 12) {
          const word = yield* t.load(subbuf.data + at);
          const payload = yield* t.load(subbuf.data + at + 8);
          if ((word & FRAME_COMMITTED) !== 0)
            found.push(payload - 100 === word >>> 16 ? word >>> 16 : -1);
        }
        yield* reader.release(t, subbuf);
        subbuf = yield* reader.next(t);
      }
    }
  });
  expect(machine.run({ decisions: 20_000 }).outcome).toBe('finished');
  const dead = healthy.read32(buffers.ringOf(0) + lossOffset('dead'));
  return {
    victims: found.filter((event) => event < 2).length,
    later: found.filter((event) => event >= 2),
    dead,
    wasKilled: machine.decisions.includes(kill),
  };
}

describe('a producer that is killed', () => {
  it.each(['sc', 'tso', 'weak'] as const)(
    'wedges no ring, at whatever instruction it dies: a later one records everything, %s',
    (memory) => {
      const problems: string[] = [];
      let kills = 0;
      let lost = 0;
      for (let instructions = 1; instructions < 130; instructions++) {
        const { victims, later, dead, wasKilled } = afterKill(instructions, memory);
        if (wasKilled) kills += 1;
        lost += dead;
        if (later.length !== LATER || new Set(later).size !== LATER || later.includes(-1))
          problems.push(`after ${instructions}: later ${later.join()}`);
        if (victims + dead > 2 || dead > 1)
          problems.push(`after ${instructions}: ${victims}+${dead}`);
        if (!wasKilled && victims !== 2)
          problems.push(`after ${instructions}: ${victims} recorded`);
      }
      expect(problems).toEqual([]);
      expect(kills).toBeGreaterThan(80);
      // It died with a record reserved and not whole in some of the runs.
      expect(lost).toBeGreaterThan(4);
    },
  );

  it('is known by rings in shared memory that is large enough', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new Interrupter(0, []));
    const shared = machine.createSharedMemory(4096);
    const process = machine.createProcess('main');
    const attach = (): unknown =>
      RingBuffers.attach(machine, process, shared, { ...GEOMETRY, subbufBytes: 8192 });
    expect(attach).toThrow(TracerError);
    expect(attach).toThrow('bytes of shared memory, got 4096');
  });
});
