import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventClass, StreamClass, TraceClass } from '../../src/metadata/trace-class.js';
import { ctf2MetadataText } from '../../src/metadata/ctf2/write-ctf2.js';
import { parseMetadata } from '../../src/metadata/parse-metadata.js';
import { metadataText } from '../../src/metadata/write-metadata.js';
import { eventHeaderType } from '../../src/packet/packet-layout.js';
import { PacketWriter } from '../../src/packet/packet-writer.js';
import { memorySource } from '../../src/stream/byte-source.js';
import type { ByteSource } from '../../src/stream/byte-source.js';
import { dataStreams } from '../../src/stream/data-stream.js';
import { mergeEvents } from '../../src/stream/merge-events.js';
import { EventText } from '../../src/text/event-text.js';
import type { EventTextOptions } from '../../src/text/event-text.js';
import { scalars, structure } from '../fields/arbitrary-event.js';
import type { TypedStructure } from '../fields/arbitrary-event.js';
import { TRACE } from '../tick-trace.js';

const { status, stdout } = spawnSync('babeltrace2', ['--version'], { encoding: 'utf8' });
const isPresent = status === 0;
/** Version 2.1 is the first to read CTF 2. */
const readsCtf2 = isPresent && !stdout.includes('Babeltrace 2.0.');

/** What an event has of each of its scopes. */
interface Scopes {
  readonly context: TypedStructure;
  readonly fields: TypedStructure;
  readonly gap: bigint;
}

// Lengths and tags in the context of an event make babeltrace2 2.0.4 abort.
const scopes: fc.Arbitrary<Scopes> = fc.record({
  context: scalars,
  fields: structure,
  gap: fc.constantFrom(0n, 1n, 1000n, 2n ** 27n, 2n ** 33n),
});

/** A trace of one kind of event for each of the scopes, recorded in two streams at about the same times. */
function traceOf(all: readonly Scopes[]) {
  const events = all.map(({ context, fields }, n): EventClass => ({
    id: BigInt(n),
    name: `lab:event_${n}`,
    context: context.type,
    fields: fields.type,
  }));
  const stream: StreamClass = {
    ...TRACE.streams.get(0n)!,
    eventHeader: eventHeaderType('large', 'monotonic'),
    events: new Map(events.map((event) => [event.id, event])),
  };
  const trace: TraceClass = {
    ...TRACE,
    environment: new Map<string, string | bigint>([
      ['hostname', 'lab'],
      ['procname', 'program'],
      ['vpid', 42n],
    ]),
    clocks: new Map([
      ['monotonic', { ...TRACE.clocks.get('monotonic')!, offsetSeconds: 1_000_000_000n }],
    ]),
    streams: new Map([[0n, stream]]),
  };
  const sources = [0n, 1n].map((instance): ByteSource => {
    const writer = new PacketWriter(trace, stream, 'large', 1 << 16);
    writer.begin({
      timestampBegin: 5n,
      sequence: 0n,
      cpuId: Number(instance),
      streamInstance: instance,
    });
    let time = 5n + instance * 500n;
    for (const [n, event] of events.entries()) {
      time += all[n]!.gap;
      expect(writer.write(event, time, all[n]!.fields.value, all[n]!.context.value)).toBe(true);
    }
    const bytes = writer.end({ timestampEnd: time, eventsDiscarded: 0n }).slice();
    return memorySource(`stream_${instance}`, bytes);
  });
  return { trace, sources };
}

function ourText(
  trace: TraceClass,
  sources: readonly ByteSource[],
  options: EventTextOptions,
): string {
  const text = new EventText(options);
  const parsed = parseMetadata(metadataText(trace));
  const merged = mergeEvents([{ trace: parsed, streams: dataStreams(parsed, sources) }]);
  return inOrder([...merged].map((event) => text.line(event)).join(''));
}

/** Several labels of one value in one order and without braces, in which babeltrace2 2.1 has them. */
function inOrder(text: string): string {
  return text.replaceAll(
    /\( (?:\{ )?("[^"\n]*"(?:, "[^"\n]*")+)(?: \})? : container/g,
    (_, labels: string) => `( ${labels.split(', ').sort().join(', ')} : container`,
  );
}

function theirText(
  trace: TraceClass,
  sources: readonly ByteSource[],
  options: readonly string[],
  metadata: (trace: TraceClass) => string | Uint8Array = metadataText,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'trace-format-'));
  try {
    writeFileSync(join(folder, 'metadata'), metadata(trace));
    for (const source of sources) {
      const bytes = new Uint8Array(source.sizeBytes);
      source.read(bytes, 0);
      writeFileSync(join(folder, source.name), bytes);
    }
    return inOrder(
      execFileSync('babeltrace2', [...options, folder], { encoding: 'utf8', stdio: 'pipe' }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!isPresent)('babeltrace2 (skipped where it is not installed)', () => {
  const traces = fc.array(scopes, { minLength: 1, maxLength: 12 });

  it('prints events of any types, and their times in cycles, byte for byte as they are here', () => {
    fc.assert(
      fc.property(traces, fc.boolean(), (all, delta) => {
        const { trace, sources } = traceOf(all);
        const options = ['--clock-cycles', ...(delta ? [] : ['--no-delta'])];
        expect(ourText(trace, sources, { time: 'cycles', delta })).toBe(
          theirText(trace, sources, options),
        );
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  // Of clocks of other frequencies babeltrace2 computes nanoseconds in floating point, and is 1 off at times.
  it('prints times of a clock of 1 GHz in seconds byte for byte as they are here', () => {
    fc.assert(
      fc.property(traces, (all) => {
        const { trace, sources } = traceOf(all);
        expect(ourText(trace, sources, { time: 'seconds', delta: true })).toBe(
          theirText(trace, sources, ['--clock-seconds']),
        );
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

describe.skipIf(!isPresent)('babeltrace2 given CTF 2 (skipped where it is not installed)', () => {
  const traces = fc.array(scopes, { minLength: 1, maxLength: 12 });

  it('finds the same in it from version 2.1 on; older ones refuse it', () => {
    fc.assert(
      fc.property(traces, (all) => {
        const { trace, sources } = traceOf(all);
        const described = () => theirText(trace, sources, ['--clock-cycles'], ctf2MetadataText);
        if (readsCtf2) expect(described()).toBe(theirText(trace, sources, ['--clock-cycles']));
        else expect(described).toThrow('babeltrace2');
      }),
      { numRuns: readsCtf2 ? 12 : 1, endOnFailure: true },
    );
  });
});
