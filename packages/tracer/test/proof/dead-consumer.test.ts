// Case 21: a consumer dies and another one comes; producers in mode discard do not wait for either.
import { expect, it } from 'vitest';
import { DecisionKind, Machine, encodeDecision, nanosleep } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { LOSSES, lossOffset } from '../../src/ring/ring-layout.js';
import { Interrupter } from '../ring/interrupter.js';
import { SUBBUF_BYTES, drain, drainAll } from './delivered.js';
import type { Delivered } from './delivered.js';

const GEOMETRY: RingGeometry = {
  subbufBytes: SUBBUF_BYTES,
  subbufCount: 4,
  mode: 'discard',
  isShared: true,
};

const BEFORE = 6;
const MEANWHILE = 12;

const kill = encodeDecision(DecisionKind.Kill, 0, 0);

/** The consumer is killed after so many instructions, if it lives so long; a producer goes on, and a successor reads. */
function afterKill(
  machine: Machine,
  instructions: number,
): {
  readonly wasKilled: boolean;
  /** Decisions until the consumer began, and until it was done. */
  readonly lived: readonly number[];
  readonly subbufs: readonly Delivered[];
  readonly lost: number;
} {
  machine.reset(new Interrupter(instructions, [kill]));
  const memory = machine.createSharedMemory(RingBuffers.sizeBytes(machine, GEOMETRY));
  const [first, producer, second] = ['consumer', 'producer', 'successor'].map((name) => {
    const process = machine.createProcess(name);
    return { process, buffers: RingBuffers.attach(machine, process, memory, GEOMETRY) };
  });
  const subbufs: Delivered[] = [];
  const deliver = (subbuf: Delivered): void => void subbufs.push(subbuf);
  const lived: number[] = [];
  first!.process.spawn(function* consumer(t) {
    yield* nanosleep(t, 20_000);
    lived.push(machine.decisions.length);
    yield* drain(t, first!.buffers, 0, deliver);
    lived.push(machine.decisions.length);
  });
  producer!.process.spawn(function* produce(t) {
    for (let n = 0; n < BEFORE; n++) yield* producer!.buffers.record(t, n, [100 + n]);
    yield* nanosleep(t, 50_000);
    for (let n = BEFORE; n < BEFORE + MEANWHILE; n++)
      yield* producer!.buffers.record(t, n, [100 + n]);
  });
  second!.process.spawn(function* succeed(t) {
    yield* nanosleep(t, 100_000);
    yield* drainAll(t, second!.buffers, 0, deliver);
  });
  expect(machine.run({ decisions: 20_000 }).outcome).toBe('finished');
  const ring = second!.buffers.ringOf(0);
  const lost = LOSSES.reduce(
    (sum, loss) => sum + second!.process.read32(ring + lossOffset(loss)),
    0,
  );
  return { wasKilled: machine.decisions.includes(kill), lived, subbufs, lost };
}

it.each(['sc', 'tso', 'weak'] as const)(
  'a consumer that dies at whatever instruction is succeeded by another, which goes on where it was, %s',
  (memory) => {
    const machine = new Machine(
      {
        cpus: 1,
        memory,
        kernel: [rseq()],
        events: { kills: ['consumer'] },
        memoryBytes: 2 ** 21,
        maxThreads: 4,
        maxProcesses: 4,
      },
      new Interrupter(0, []),
    );
    const problems: string[] = [];
    let kills = 0;
    let twice = 0;
    const [begin, end] = afterKill(machine, Infinity).lived as [number, number];
    for (let instructions = begin; instructions < end; instructions++) {
      const { wasKilled, subbufs, lost } = afterKill(machine, instructions);
      if (!wasKilled) continue;
      kills += 1;
      const starts = subbufs.map(({ start }) => start);
      // Delivered and not released when it died: the successor delivers it again, and no other one.
      twice += starts.length - new Set(starts).size;
      const byStart = new Map(subbufs.map((subbuf) => [subbuf.start, subbuf]));
      const records = [...byStart.values()].flatMap((subbuf) => subbuf.records);
      const events = new Set(records.filter(({ isWhole }) => isWhole).map(({ event }) => event));
      if (starts.length - new Set(starts).size > 1)
        problems.push(`${instructions}: ${starts.join()}`);
      if (events.size + lost !== BEFORE + MEANWHILE)
        problems.push(`after ${instructions}: ${events.size} recorded, ${lost} lost`);
    }
    expect(problems).toEqual([]);
    expect(kills).toBeGreaterThan(30);
    expect(twice).toBeGreaterThan(0);
  },
);
