import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { LogLevel } from '../../src/events/log-level.js';
import { Session } from '../../src/session/session.js';
import { babeltrace, hasBabeltrace } from './babeltrace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });
const tock = defineEvent('lab:tock', { fields: { value: u32() }, logLevel: LogLevel.ERR });

/** Events of a trace by stream, and the numbers of its packets. */
function read(sink: MemorySink): { readonly events: string[]; readonly numbers: bigint[] } {
  const reader = new PacketReader(parseMetadata(sink.text));
  const events: string[] = [];
  const numbers: bigint[] = [];
  for (const packets of sink.packets.values())
    for (const bytes of packets) {
      numbers.push(reader.open(bytes).sequence!);
      for (const { type, fields } of reader.events())
        events.push(`${type.name} ${fields!['value'] as number}`);
    }
  return { events, numbers };
}

function machineWithSession(cpus: number, memory: MemoryModelName = 'sc') {
  const machine = new Machine({ cpus, memory, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  return { machine, process, session: Session.create(machine, process) };
}

describe('a rule', () => {
  it('has the tracepoints record that it is about, and no others', () => {
    const { machine, process, session } = machineWithSession(1);
    const points = [session.tracepoint(tick), session.tracepoint(tock)];
    const channel = session.channel('main');
    expect(session.record({ name: 'lab:*', atLeast: LogLevel.WARNING }, channel)).toBe(1);
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    process.spawn(function* producer(t) {
      for (const point of points) yield* point.emit(t, { value: 1 });
      yield* session.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(read(sink).events).toEqual(['lab:tock 1']);
  });
});

describe('a probe that is disabled while others emit', () => {
  it('records nothing once that has returned, and goes on when it is enabled', () => {
    const { machine, process, session } = machineWithSession(2);
    const point = session.tracepoint(tick);
    const probe = session.enable(point, session.channel('main', { subbufBytes: 65536 }));
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    const step = process.allocate(4);
    process.spawn(
      function* producer(t) {
        for (let value = 0; value < 100; value++) {
          // The controller has returned from disableProbe when this is 1.
          const phase = yield* t.loadAcquire(step);
          yield* point.emit(t, { value: phase });
        }
        yield* t.waitUntilEqual(step, 2);
        yield* point.emit(t, { value: 2 });
        yield* session.stop(t);
      },
      { cpu: 0 },
    );
    process.spawn(
      function* controller(t) {
        for (let n = 0; n < 300; n++) yield* t.load(step);
        yield* session.disableProbe(t, probe);
        yield* t.storeRelease(step, 1);
        for (let n = 0; n < 20_000; n++) yield* t.load(step);
        yield* session.enableProbe(t, probe);
        yield* t.storeRelease(step, 2);
      },
      { cpu: 1 },
    );
    expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
    const { events } = read(sink);
    expect(events.filter((event) => event === 'lab:tick 1')).toEqual([]);
    expect(events.filter((event) => event === 'lab:tick 0').length).toBeGreaterThan(1);
    expect(events.filter((event) => event === 'lab:tick 0').length).toBeLessThan(100);
    expect(events.at(-1)).toBe('lab:tick 2');
  });
});

describe('a flight recorder', () => {
  it.each(['sc', 'tso', 'weak'] as const)(
    'has the newest events, in packets whose numbers tell how many were overwritten, %s',
    (memory) => {
      const { machine, process, session } = machineWithSession(1, memory);
      const point = session.tracepoint(tick);
      const size = { subbufBytes: 64, subbufCount: 4, mode: 'overwrite' } as const;
      session.enable(point, session.channel('flight', size));
      const [first, second] = [new MemorySink(), new MemorySink()];
      process.spawn(function* producer(t) {
        for (let value = 0; value < 50; value++) yield* point.emit(t, { value });
        yield* session.snapshot(t, first);
        for (let value = 50; value < 53; value++) yield* point.emit(t, { value });
        yield* session.snapshot(t, second);
        yield* session.stop(t);
      });
      expect(machine.run().outcome).toBe('finished');
      // Five records of 12 bytes are in a sub-buffer of 64.
      expect(read(first).numbers).toEqual([6n, 7n, 8n, 9n]);
      expect(read(first).events).toEqual(
        Array.from({ length: 20 }, (_, n) => `lab:tick ${30 + n}`),
      );
      expect(read(second).numbers).toEqual([7n, 8n, 9n, 10n]);
      expect(read(second).events).toEqual(
        Array.from({ length: 18 }, (_, n) => `lab:tick ${35 + n}`),
      );
      if (hasBabeltrace) {
        const { lines, stderr } = babeltrace(second);
        expect([lines.length, stderr]).toEqual([18, '']);
      }
    },
  );
});

describe('the contexts of a channel', () => {
  it('are recorded with every event, of the thread that emits it', () => {
    const { machine, process, session } = machineWithSession(1);
    const point = session.tracepoint(tick);
    session.enable(point, session.channel('main', { contexts: ['vpid', 'vtid', 'procname'] }));
    session.enable(point, session.channel('plain'));
    const refused = (): unknown => session.channel('x', { contexts: ['pid' as never] });
    expect(refused).toThrow('expected contexts (vpid, vtid, procname), got "pid"');
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    const thread = process.spawn(function* producer(t) {
      yield* point.emit(t, { value: 7 });
      yield* session.stop(t);
    });
    const tid = machine.threads.tid[thread.id]!;
    expect(machine.run().outcome).toBe('finished');
    const reader = new PacketReader(parseMetadata(sink.text));
    const contexts: unknown[] = [];
    for (const bytes of [...sink.packets.values()].flat()) {
      reader.open(bytes);
      for (const { streamContext, fields } of reader.events())
        contexts.push([streamContext, fields]);
    }
    expect(contexts).toEqual([
      [{ vpid: process.pid, vtid: tid, procname: 'producer' }, { value: 7 }],
      [undefined, { value: 7 }],
    ]);
    if (hasBabeltrace) {
      const { lines, stderr } = babeltrace(sink);
      expect(stderr).toBe('');
      expect(lines[0]).toContain(
        `{ vpid = ${process.pid}, vtid = ${tid}, procname = "producer" }, { value = 7 }`,
      );
    }
  });
});
