import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { PayloadWriter } from '../../src/events/payload-writer.js';
import { textAt } from '../../src/events/text-at.js';
import type { RingBuffers } from '../../src/ring/ring-buffers.js';
import { Session } from '../../src/session/session.js';
import { TracerError } from '../../src/tracer-error.js';
import { recording, ringContent } from '../ring/ring-scenario.js';
import { readPackets } from '../session/read-trace.js';

const MOST = 3;

/** How the largest model is searched. */
const SAMPLED = { search: 'random', executions: 800, kernelEvents: 0 } as const;

function put(process: Process, address: number, text: string): void {
  for (let at = 0; at < text.length + 1; at += 4)
    process.write32(
      address + at,
      [0, 1, 2, 3].reduce((word, n) => word | ((text.charCodeAt(at + n) || 0) << (8 * n)), 0),
    );
}

/** Address of a word of the first ring that nothing uses: the text that is changed. */
function textOf(buffers: RingBuffers): number {
  return buffers.address + 32;
}

/** Measures first and copies then, without another look at the length. */
function* copiedNaively(t: Thread, address: number): Operation<Uint8Array> {
  let length = 0;
  while (length < MOST && (yield* t.load8(address + length)) !== 0) length += 1;
  const bytes = new Uint8Array(length + 1);
  for (let n = 0; n <= length; n++) bytes[n] = yield* t.load8(address + n);
  return bytes;
}

function* copied(t: Thread, address: number): Operation<Uint8Array> {
  const field = textAt(MOST);
  const writer = new PayloadWriter();
  writer.begin();
  field.write(writer, (yield* field.fetch!(t, address)) as never);
  return new Uint8Array(Int32Array.from(writer.words()).buffer);
}

/** A thread records text while another one makes it longer and shorter. */
function changing(
  copy: (t: Thread, address: number) => Operation<Uint8Array>,
  memory: MemoryModelName,
) {
  return recording({
    machine: { cpus: 2, memory, kernel: [rseq()] },
    threads: [
      function* tracer(t, buffers) {
        const bytes = yield* copy(t, textOf(buffers));
        const words = new Int32Array(2);
        new Uint8Array(words.buffer).set(bytes);
        yield* buffers.record(t, 0, [bytes.length, words[0]!]);
      },
      function* changer(t, buffers) {
        yield* t.store8(textOf(buffers), 0x61);
        yield* t.store8(textOf(buffers) + 1, 0x62);
        // The larger model of memory has states enough without it.
        if (memory === 'sc') yield* t.store8(textOf(buffers), 0);
      },
    ],
    cpus: [0, 1],
    check(buffers, lab) {
      for (const cpu of [0, 1])
        for (const { words } of ringContent(buffers, cpu).records) {
          const bytes = new Uint8Array(Int32Array.of(words[1]!).buffer).subarray(0, words[0]);
          const end = bytes.indexOf(0);
          lab.expect(end >= 0, 'text that ends in a zero byte');
          lab.expect(end <= MOST, 'text within its bounds');
          lab.expect(
            bytes.subarray(end).every((byte) => byte === 0),
            'nothing behind its end',
          );
        }
    },
  });
}

describe('text that lies in memory', () => {
  it.each<MemoryModelName>(['sc', 'tso', 'weak'])(
    'ends in a zero byte and is as long as it says while another thread changes it, %s (case 23)',
    (memory) => {
      const how = memory === 'weak' ? SAMPLED : ({ search: 'states', kernelEvents: 0 } as const);
      const result = check(changing(copied, memory), how);
      expect(result.finding).toBeUndefined();
    },
  );

  it.each<MemoryModelName>(['sc', 'tso', 'weak'])(
    'would not, were it measured first and copied then, %s',
    (memory) => {
      const how = memory === 'weak' ? SAMPLED : ({ search: 'states', kernelEvents: 0 } as const);
      const result = check(changing(copiedNaively, memory), how);
      expect(result).toMatchObject({ outcome: 'fails' });
    },
  );

  it('is recorded as it is when the event is, up to so many bytes, and filters know it', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(defineEvent('lab:text', { fields: { value: textAt(5) } }));
    session.enable(point, session.channel('main'), { filter: 'value != "no*"' });
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    const address = process.allocate(16);
    put(process, address, 'hello world');
    process.spawn(function* producer(t) {
      yield* point.emit(t, { value: address });
      yield* t.store8(address + 2, 0);
      yield* point.emit(t, { value: address });
      yield* t.store8(address, 0);
      yield* point.emit(t, { value: address });
      yield* t.store8(address, 0x6e);
      yield* t.store8(address + 1, 0x6f);
      yield* point.emit(t, { value: address });
      yield* session.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(readPackets(sink).flatMap(({ values }) => values)).toEqual(['hello', 'he', '']);
  });

  it('at no address is SIGSEGV for the thread, and of no length is refused', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(defineEvent('lab:text', { fields: { value: textAt() } }));
    session.enable(point, session.channel('main'));
    process.spawn(function* producer(t) {
      yield* point.emit(t, { value: 8 });
    });
    machine.run();
    expect(process.exitStatus & 0x7f).toBe(11);
    for (const bytes of [0, 1.5, 65537]) expect(() => textAt(bytes)).toThrow(TracerError);
  });
});
