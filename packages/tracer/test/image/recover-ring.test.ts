import { Machine, TimedDirector, nanosleep } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directTraces } from '../../src/consumer/trace-output.js';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { sequence, text } from '../../src/events/composed-fields.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u16, u32 } from '../../src/events/field.js';
import { isRingImage, readRingImage, ringImageBytes } from '../../src/image/ring-image.js';
import type { RingImage } from '../../src/image/ring-image.js';
import { ringImages } from '../../src/image/ring-images.js';
import { recoverRing } from '../../src/image/recover-ring.js';
import type { LossMode } from '../../src/ring/ring-geometry.js';
import { Session } from '../../src/session/session.js';
import type { BufferScheme } from '../../src/session/session-memory.js';
import { findingsOf, readPackets } from './../session/read-trace.js';

const event = defineEvent('lab:every', {
  fields: { value: u32(), path: text(), list: sequence(u16()) },
});

/** Programs that record until the machine stops; images of their rings, and what is extracted without. */
function stopped(buffers: BufferScheme, mode: LossMode, kills = true, isDirected = true) {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
  if (isDirected) directTraces(machine, () => new MemorySink());
  const daemon = machine.createProcess('daemon');
  const session = Session.create(machine, daemon, { buffers, name: 'lab' });
  const point = session.tracepoint(event);
  const channel = session.channel('main', {
    subbufBytes: 512,
    subbufCount: 8,
    mode,
    contexts: ['vpid', 'procname'],
  });
  session.enable(point, channel);
  for (const name of ['shop', 'bank']) {
    const process = buffers === 'private' ? daemon : machine.createProcess(name);
    const member = buffers === 'private' ? undefined : session.attach(process);
    const own = member?.tracepoint(event) ?? point;
    process.spawn(function* program(t) {
      if (member !== undefined) yield* member.join(t);
      for (let value = 0; ; value++) {
        const list = Array.from({ length: value % 4 }, (_, n) => n);
        yield* own.emit(t, { value, path: '/'.repeat(value % 7), list });
        if (value % 8 === 0) yield* nanosleep(t, 3000);
      }
    });
    if (kills) machine.run({ decisions: 300 });
  }
  machine.run({ decisions: 200 });
  return { machine, session };
}

/** All that an image gives, as a trace. */
function recovered(images: readonly RingImage[]) {
  const sink = new MemorySink();
  const damaged: string[] = [];
  const counts = images.map((image) => {
    sink.metadata(image.metadata);
    return recoverRing(
      image,
      (packet) => {
        sink.packet(image.stream, packet);
      },
      (what) => void damaged.push(what),
    );
  });
  return { sink, damaged, counts };
}

/** What is in a trace, in the order of streams. */
function contentsOf(sink: MemorySink) {
  const reader = new PacketReader(parseMetadata(sink.text));
  return [...sink.packets].map(([stream, packets]) => [
    stream,
    packets.map((packet) => {
      const { sequence: number, timestampBegin, eventsDiscarded } = reader.open(packet);
      const events = [...reader.events()].map(({ cycles, streamContext, fields }) => [
        cycles,
        streamContext,
        fields,
      ]);
      return [number, timestampBegin, eventsDiscarded, events];
    }),
  ]);
}

describe('the image of a ring', () => {
  it.each<[BufferScheme, LossMode]>([
    ['per-uid', 'discard'],
    ['per-uid', 'overwrite'],
    ['per-pid', 'discard'],
  ])('has what crash extraction finds in the machine: %s, %s', (buffers, mode) => {
    const { machine, session } = stopped(buffers, mode);
    const extracted = new MemorySink();
    session.extractCrash(extracted);
    const images = ringImages(machine);
    const copies = images.map((image) => readRingImage(ringImageBytes(image)));
    expect(copies).toEqual(images);
    const { sink, damaged, counts } = recovered(copies);
    expect(damaged).toEqual([]);
    expect(sink.text).toBe(extracted.text);
    expect(contentsOf(sink)).toEqual(contentsOf(extracted));
    expect(counts.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(20);
    const allowed = new Set(['sequence-start', 'discarded-events']);
    expect(findingsOf(sink).filter((rule) => !allowed.has(rule))).toEqual([]);
  });

  it('is there of private rings as long as their process lives, and only where traces are directed', () => {
    const { machine, session } = stopped('private', 'discard');
    const { sink } = recovered(ringImages(machine));
    expect(contentsOf(sink).length).toBeGreaterThan(0);
    expect(session.statistics().recorded).toBeGreaterThan(0);
    machine.process(0).kill(9);
    machine.run({ decisions: 1000 });
    expect(machine.process(0).exited).toBe(true);
    expect(ringImages(machine)).toEqual([]);
    expect(ringImages(stopped('per-uid', 'discard', true, false).machine)).toEqual([]);
  });

  it('is left of no ring that was consumed', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    directTraces(machine, () => new MemorySink());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process, { buffers: 'per-uid' });
    const point = session.tracepoint(event);
    session.enable(point, session.channel('main'));
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    process.spawn(function* program(t) {
      yield* session.join(t);
      yield* point.emit(t, { value: 1, path: '', list: [] });
      yield* session.stop(t);
    });
    machine.run();
    expect(readPackets(sink)).toHaveLength(1);
    expect(ringImages(machine)).toEqual([]);
  });
});

describe('a damaged image of a ring', () => {
  const [image] = ringImages(stopped('per-uid', 'discard').machine) as [RingImage];
  const bytes = ringImageBytes(image);
  const isRefused = expect.objectContaining({ code: 'ERR_IMAGE' }) as unknown;

  it('is refused where it is cut, of another version, or no image at all', () => {
    for (let size = 0; size < bytes.length; size += size < 40 ? 1 : 97) {
      expect(isRingImage(bytes.subarray(0, size))).toBe(size >= 16);
      expect(() => readRingImage(bytes.subarray(0, size)), `${size} bytes`).toThrow(isRefused);
    }
    const newer = bytes.slice();
    newer[15] = 2;
    expect(() => readRingImage(newer)).toThrow(
      /expected an image of version 1, got one of version 2/,
    );
  });

  it.each<[string, unknown]>([
    ['cpu', -1],
    ['streamId', 1.5],
    ['header', 'none'],
    ['frequencyMhz', 0],
    ['geometry', null],
    ['metadata', 5],
  ])('is refused with a header that tells of no ring: %s', (name, value) => {
    const changed = ringImageBytes({ ...image, [name]: value });
    expect(() => readRingImage(changed)).toThrow(isRefused);
  });

  it('is refused where its metadata describe no such stream', () => {
    const none = { deliver: () => undefined, damaged: () => undefined };
    for (const change of [{ streamId: 7 }, { metadata: '/* CTF 1.8 */' }])
      expect(() => recoverRing({ ...image, ...change }, none.deliver, none.damaged)).toThrow(
        isRefused,
      );
  });

  it('gives packets that can be read, whatever its words are', () => {
    const word = fc.record({
      at: fc.integer({ min: 0, max: image.words.length - 1 }),
      value: fc.oneof(fc.integer(), fc.integer({ min: 0, max: 64 })),
    });
    const early = word.map(({ at, value }) => ({ at: at % 192, value }));
    const reader = new PacketReader(parseMetadata(image.metadata));
    fc.assert(
      fc.property(fc.array(fc.oneof(word, early), { minLength: 1, maxLength: 20 }), (changes) => {
        const words = image.words.slice();
        for (const { at, value } of changes) words[at] = value;
        let events = 0;
        const found = recoverRing(
          { ...image, words },
          (packet) => {
            reader.open(packet);
            events += [...reader.events()].length;
          },
          () => undefined,
        );
        expect(events).toBe(found.events);
      }),
      { numRuns: 300 },
    );
  });

  it('loses what is damaged, says so, and has the rest', () => {
    const whole = recovered([image]).counts[0]!;
    const words = image.words.slice();
    // The id of the first event in the second sub-buffer, behind offsets and records of eight sub-buffers.
    words[(192 + 8 * 64 + 512) >> 2]! |= 0x00ff0000;
    const { counts, damaged } = recovered([{ ...image, words }]);
    expect(damaged).toEqual([
      expect.stringMatching(
        /^sub-buffer \d+, byte 0: expected an event of the stream, got the id 255$/,
      ),
    ]);
    expect(counts[0]!.events).toBe(whole.events - 1);
    expect(counts[0]!.packets).toBe(whole.packets);
  });
});
