import { describe, expect, it } from 'vitest';
import { integerType } from '../../src/metadata/integer-types.js';
import type { StreamClass, TraceClass } from '../../src/metadata/trace-class.js';
import { memorySource } from '../../src/stream/byte-source.js';
import { StreamReader } from '../../src/stream/stream-reader.js';
import { TraceFormatError } from '../../src/trace-format-error.js';
import { AT, TRACE, broken, file, ticks } from '../tick-trace.js';

/** The times of all events that can be read, and the code of what ends the file early. */
function readAll(reader: StreamReader): { times: bigint[]; code: string | undefined } {
  const times: bigint[] = [];
  try {
    while (reader.nextPacket() !== undefined)
      for (let event = reader.nextEvent(); event; event = reader.nextEvent())
        times.push(event.cycles);
    return { times, code: undefined };
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return { times, code: error.code };
  }
}

describe('a file that is cut', () => {
  const first = ticks({ ticks: [10n, 20n] });
  const second = ticks({ ticks: [30n, 2n ** 30n, 2n ** 31n], sequence: 1n });
  const whole = Uint8Array.from([...first, ...second]);
  /** Where the events end. */
  const ends = [93, 102, first.length + 93, first.length + 111, first.length + 129];

  it('at any byte is read up to the cut, and the cut is told', () => {
    const all = [10n, 20n, 30n, 2n ** 30n, 2n ** 31n];
    for (let size = 0; size <= whole.length; size++) {
      const { times, code } = readAll(
        new StreamReader(TRACE, memorySource('cut', whole.subarray(0, size))),
      );
      const isBetween = size === 0 || size === first.length || size === whole.length;
      expect({ size, times, code }).toEqual({
        size,
        times: all.slice(0, ends.filter((end) => end <= size).length),
        code: isBetween ? undefined : 'ERR_TRUNCATED',
      });
    }
  });

  it('in the space behind the content loses nothing, which is told all the same', () => {
    const padded = broken(Uint8Array.from([...first, ...new Uint8Array(50)]), (view) => {
      view.setUint32(AT.packetSize, (first.length + 50) * 8, true);
    });
    const reader = new StreamReader(TRACE, memorySource('cut', padded.subarray(0, -1)));
    expect(readAll(reader)).toEqual({ times: [10n, 20n], code: 'ERR_TRUNCATED' });
    expect(reader.isCut).toBe(true);
  });
});

describe('a reader of a stream', () => {
  it('says in which file and packet it failed', () => {
    const bad = broken(ticks({ ticks: [30n], sequence: 1n }), (view) => {
      view.setUint8(0, 0);
    });
    const good = ticks({ ticks: [10n] });
    const reader = new StreamReader(TRACE, file('cpu_3', good, bad));
    reader.nextPacket();
    expect(() => reader.nextPacket()).toThrow(
      expect.objectContaining({
        code: 'ERR_MAGIC',
        position: { bit: 0, file: 'cpu_3', packetByte: good.length },
        message: expect.stringMatching(/^cpu_3, packet 1 at byte \d+: expected magic/) as string,
      }),
    );
    expect(reader.nextPacket()).toBeUndefined();
  });

  it('reads packets whose headers and contents are longer than what it reads at first', () => {
    const stream = TRACE.streams.get(0n)!;
    const long: StreamClass = {
      ...stream,
      packetContext: {
        kind: 'structure',
        minAlignBits: 8,
        fields: [
          {
            name: 'padding',
            type: { kind: 'array', length: 9000, element: integerType(8, { encoding: 'UTF8' }) },
          },
          ...stream.packetContext!.fields,
        ],
      },
    };
    const trace: TraceClass = { ...TRACE, streams: new Map([[0n, long]]) };
    const plain = ticks({ ticks: [10n, 20n] });
    const bytes = new Uint8Array(plain.length + 9000);
    bytes.set(plain.subarray(0, 32));
    bytes.set(plain.subarray(32), 9032);
    const view = new DataView(bytes.buffer);
    for (const at of [AT.contentSize, AT.packetSize])
      view.setUint32(at + 9000, plain.length * 8 + 72_000, true);
    const twice = memorySource('long', Uint8Array.from([...bytes, ...bytes]));
    expect(readAll(new StreamReader(trace, twice))).toEqual({
      times: [10n, 20n, 10n, 20n],
      code: undefined,
    });
  });

  it('takes a stream without packet contexts for one packet', () => {
    const { packetContext: _, ...stream } = TRACE.streams.get(0n)!;
    const trace: TraceClass = { ...TRACE, streams: new Map([[0n, stream]]) };
    const plain = ticks({ ticks: [10n, 20n] });
    const bytes = Uint8Array.from([...plain.subarray(0, 32), ...plain.subarray(84)]);
    expect(readAll(new StreamReader(trace, memorySource('bare', bytes)))).toEqual({
      times: [10n, 20n],
      code: undefined,
    });
  });

  it('takes no more memory than there are bytes, whatever sizes a packet tells', () => {
    const lying = broken(ticks({ ticks: [10n] }), (view) => {
      view.setBigUint64(AT.contentSize, 2n ** 62n, true);
      view.setBigUint64(AT.packetSize, 2n ** 62n, true);
    });
    const asked: number[] = [];
    const source = memorySource('lying', lying);
    const reader = new StreamReader(TRACE, {
      ...source,
      read(target, at) {
        asked.push(target.length);
        return source.read(target, at);
      },
    });
    expect(readAll(reader)).toEqual({ times: [10n], code: 'ERR_TRUNCATED' });
    expect(Math.max(...asked)).toBeLessThanOrEqual(4096);
  });
});
