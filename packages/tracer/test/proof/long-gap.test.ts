// Case 8: headers of events have 27 bits of time.
import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector, nanosleep } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { Session } from '../../src/session/session.js';
import { babeltrace, hasBabeltrace } from '../session/babeltrace.js';

const BITS_27 = 2 ** 27;

/** A thread records, sleeps, and records again. */
function asleep(
  ns: number,
  memory: MemoryModelName = 'sc',
): { readonly sink: MemorySink; readonly times: bigint[] } {
  const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const session = Session.create(machine, process);
  const point = session.tracepoint(defineEvent('lab:tick'));
  session.enable(point, session.channel('main'));
  const sink = new MemorySink();
  session.spawnConsumers(sink, 2 ** 29);
  process.spawn(function* producer(t) {
    yield* point.emit(t, {});
    yield* nanosleep(t, ns);
    yield* point.emit(t, {});
    yield* session.stop(t);
  });
  expect(machine.run().outcome).toBe('finished');
  const reader = new PacketReader(parseMetadata(sink.text));
  const times: bigint[] = [];
  for (const bytes of sink.packets.get('main_0')!) {
    reader.open(bytes);
    for (const { cycles } of reader.events()) times.push(cycles);
  }
  return { sink, times };
}

function gapOf([first, second]: readonly bigint[]): number {
  return Number(second! - first!);
}

describe('two events of one packet', () => {
  // What the sleep takes beside what it was asked for.
  const besideNs = gapOf(asleep(1000).times) - 1000;

  it.each([BITS_27 - 1, BITS_27, BITS_27 + 1, 2 * BITS_27, 2 * BITS_27 + 5])(
    'that are %d cycles apart are so in the trace',
    (gap) => {
      const { sink, times } = asleep(gap - besideNs);
      expect(sink.packets.get('main_0')).toHaveLength(1);
      expect(gapOf(times)).toBe(gap);
      if (!hasBabeltrace) return;
      const { lines, stderr } = babeltrace(sink);
      expect(stderr).toBe('');
      const cycles = lines.map((line) => BigInt(/^\[(\d+)\]/.exec(line)![1]!));
      expect(cycles).toEqual(times);
    },
  );

  it.each(['tso', 'weak'] as const)('that are 2^27 cycles apart are so under %s', (memory) => {
    const beside = gapOf(asleep(1000, memory).times) - 1000;
    expect(gapOf(asleep(BITS_27 - beside, memory).times)).toBe(BITS_27);
  });
});
