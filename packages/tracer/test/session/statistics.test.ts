import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { text } from '../../src/events/composed-fields.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { scanRing } from '../../src/ring/ring-scan.js';
import { wholeRecords } from '../../src/ring/whole-records.js';
import { Session } from '../../src/session/session.js';
import { statusText } from '../../src/session/status-text.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });
const word = defineEvent('lab:word', { fields: { text: text() } });

describe('the statistics of a session', () => {
  it('have what was recorded and discarded of each event, which adds up to what was emitted', () => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const channel = session.channel('main', { subbufBytes: 64, subbufCount: 2 });
    const [ticks, words] = [session.tracepoint(tick), session.tracepoint(word)];
    session.enable(ticks, channel);
    session.enable(words, channel);
    session.spawnConsumers(new MemorySink(), 3000);
    const done = process.allocate(4);
    for (let thread = 0; thread < 4; thread++)
      process.spawn(function* producer(t) {
        for (let value = 0; value < 50; value++) {
          yield* ticks.emit(t, { value });
          if (value % 10 === 0) yield* words.emit(t, { text: 'x'.repeat(value * 3) });
        }
        if ((yield* t.fetchAdd(done, 1)) === 3) yield* session.stop(t);
      });
    const emitted = { ticks: 200, words: 20 };
    // In the middle of the run something is in packets, and something in the rings.
    machine.run({ decisions: 8 });
    const before = session.statistics();
    expect(before.isActive).toBe(true);
    expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
    const { channels, ...whole } = session.statistics();
    expect(whole).toMatchObject({ name: 'session', isActive: false, lostPackets: 0, emitted: 220 });
    expect(whole.recorded + whole.discarded).toBe(220);
    const { losses, events } = channels[0]!;
    // Text of 60 characters and more is larger than a sub-buffer: 120 and 90 and 60 of each thread.
    expect(losses.big).toBe(12);
    expect(losses.full).toBeGreaterThan(0);
    expect(losses.full + losses.big).toBe(whole.discarded);
    expect(events.map(({ name }) => name)).toEqual(['lab:tick', 'lab:word']);
    expect(events.map((event) => event.emitted)).toEqual([emitted.ticks, emitted.words]);
    for (const { recorded, discarded, isEnabled } of events) {
      expect(recorded).toBeGreaterThan(0);
      expect(discarded).toBeGreaterThan(0);
      expect(isEnabled).toBe(false);
    }
  });

  it('count packets that were overwritten, and what is in the rings', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    const size = { subbufBytes: 64, subbufCount: 4, mode: 'overwrite' } as const;
    session.enable(point, session.channel('flight', size));
    process.spawn(function* producer(t) {
      for (let value = 0; value < 53; value++) yield* point.emit(t, { value });
    });
    expect(machine.run().outcome).toBe('finished');
    // Five records of 12 bytes are in a sub-buffer of 64: eleven were begun, four are there, one has three.
    const [channel] = session.statistics().channels;
    expect(channel).toMatchObject({ recorded: 18, discarded: 0, lostPackets: 7 });
    expect(channel!.emitted).toBeUndefined();
  });

  it('know what was cleared before anybody read it', () => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    const channel = session.channel('main', { subbufBytes: 32, subbufCount: 2 });
    session.enable(point, channel);
    process.spawn(function* producer(t) {
      for (const value of [0, 1, 2, 3, 4]) yield* point.emit(t, { value });
      yield* session.clear(t);
      for (const value of [5, 6]) yield* point.emit(t, { value });
    });
    expect(machine.run().outcome).toBe('finished');
    expect(session.statistics()).toMatchObject({ recorded: 6, discarded: 1, emitted: 7 });
    const { buffers } = channel;
    const left = buffers.cpus.flatMap((cpu) =>
      scanRing(process, buffers.ringOf(cpu), buffers.layout).flatMap((subbuf) =>
        wholeRecords(process, subbuf).map(({ payload }) => payload[0]),
      ),
    );
    expect(left).toEqual([5, 6]);
  });

  it('are shown as lttng status shows them', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process, { name: 'demo' });
    const point = session.tracepoint(tick);
    session.enable(point, session.channel('main', { subbufBytes: 32, subbufCount: 1 }), {
      filter: 'value >= 2',
    });
    process.spawn(function* producer(t) {
      for (let value = 0; value < 7; value++) yield* point.emit(t, { value });
    });
    machine.run();
    expect(statusText(session.statistics())).toBe(
      [
        'Recording session demo: [active]',
        '  2 recorded, 3 discarded of 5 emitted',
        '',
        '- main: event loss mode: discard',
        '    Statistics:',
        '      2 recorded, 3 discarded of 5 emitted',
        '      Discarded events: 3 (3 full)',
        '      Lost packets: 0',
        '    Recording event rules:',
        '      lab:tick (log level: DEBUG_LINE) [enabled] [filter: value >= 2]: 2 recorded, 3 discarded of 5 emitted',
        '',
      ].join('\n'),
    );
  });
});

describe('a filter', () => {
  it('decides what is recorded, in each channel, and an event is in a channel once', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    const [odd, ends] = [session.channel('odd'), session.channel('ends')];
    session.enable(point, odd, { filter: 'value & 1 && $ctx.procname == "prod*"' });
    session.enable(point, ends, { filter: 'value < 2' });
    expect(session.record({ name: 'lab:*', filter: 'value >= 8 || value == 1' }, ends)).toBe(1);
    session.spawnConsumers(new MemorySink());
    process.spawn(function* producer(t) {
      for (let value = 0; value < 10; value++) yield* point.emit(t, { value });
      yield* session.stop(t);
    });
    process.spawn(function* other(t) {
      yield* point.emit(t, { value: 3 });
    });
    expect(machine.run().outcome).toBe('finished');
    const { channels } = session.statistics();
    expect(channels.map(({ name, recorded }) => [name, recorded])).toEqual([
      ['odd', 5],
      ['ends', 4],
    ]);
    expect(channels[1]!.events[0]!.filters).toEqual(['value < 2', 'value >= 8 || value == 1']);
  });

  it('that does not fit one of the events of a rule enables none of them', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const session = Session.create(machine, machine.createProcess('main'));
    session.tracepoint(tick);
    session.tracepoint(word);
    const channel = session.channel('main');
    expect(() => session.record({ name: 'lab:*', filter: 'value == 1' }, channel)).toThrow(
      'filter, column 1: expected a field of lab:word (text), got "value"',
    );
    expect(session.statistics().channels[0]!.events).toEqual([]);
  });
});
