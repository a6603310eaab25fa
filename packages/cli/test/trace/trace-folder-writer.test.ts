import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metadataText } from '@rseqlab/trace-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFiles } from '../../src/trace/trace-files.js';
import type { TraceFileSystem } from '../../src/trace/trace-files.js';
import { TraceFolderSink } from '../../src/trace/trace-folder-sink.js';
import { TraceFolderWriter } from '../../src/trace/trace-folder-writer.js';
import { command } from '../captured-io.js';
import { TRACE, freshFolder, tickPacket, writeExample } from './example-folder.js';

let folder: string;
beforeEach(() => {
  folder = freshFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A disk that has room for so many bytes of streams and indexes, and takes half of what is too much. */
function fullDisk(roomBytes: number, canTruncate = true): TraceFileSystem {
  let left = roomBytes;
  const refuse = (code: string): never => {
    throw Object.assign(new Error(code), { code, syscall: 'write' });
  };
  return {
    ...hostFiles,
    write(descriptor, bytes, at) {
      if (left === 0) refuse('ENOSPC');
      const fits = bytes.subarray(0, left);
      left -= fits.length;
      return hostFiles.write(descriptor, fits, at);
    },
    truncate(descriptor, sizeBytes) {
      if (!canTruncate) refuse('EIO');
      hostFiles.truncate(descriptor, sizeBytes);
    },
  };
}

describe('a trace that is written into a folder', () => {
  it('has metadata, streams and index files that agree', async () => {
    writeExample(folder);
    expect(await command(['trace', 'check', folder])).toMatchObject({
      status: 0,
      out: 'no findings in 1 trace: 2 streams, 4 packets, 8 events\n',
    });
    expect(statSync(join(folder, 'index', 'cpu_1.idx')).size).toBe(16 + 2 * 72);
  });

  it('stays a trace of whole packets wherever the disk is full', async () => {
    const packetBytes = tickPacket({ ticks: [0n, 10n], sequence: 0n }).length;
    const first = 16 + packetBytes + 72;
    for (const roomBytes of [first, first + 8, first + 16, first * 2 - 1, first * 2 + 40]) {
      const inside = join(folder, String(roomBytes));
      expect(() => {
        writeExample(inside, fullDisk(roomBytes));
      }).toThrow(/cpu_[01](, packet \d)?: expected a place to write to, got ENOSPC/);
      const { status, out } = await command(['trace', 'check', inside]);
      expect({ status, out }).toEqual({
        status: 0,
        out: expect.stringMatching(
          /^no findings in 1 trace: [12] streams?, [12] packets?/,
        ) as string,
      });
    }
  });

  it('is read up to the cut where even cutting off fails', async () => {
    const first = 16 + tickPacket({ ticks: [0n, 10n], sequence: 0n }).length + 72;
    const writer = new TraceFolderWriter(folder, TRACE, undefined, fullDisk(first + 100, false));
    const packet = { ticks: [0n, 10n], sequence: 0n };
    writer.append('cpu_0', tickPacket(packet));
    const next = tickPacket({ ticks: [20n, 30n], sequence: 1n });
    for (let n = 0; n < 2; n++)
      expect(() => {
        writer.append('cpu_0', next);
      }).toThrow('cpu_0, packet 1: expected a place to write to, got ENOSPC');
    writer.close();
    const { status, out, err } = await command(['trace', 'view', '--clock-cycles', folder]);
    expect(status).toBe(1);
    expect(out).toContain('value = 1, text = "tick \\"1\\"" }\n');
    expect(err).toMatch(/cpu_0, packet 1 at byte \d+: expected .* got its end/);
  });

  it('is refused in a folder that holds something, or that is a file', () => {
    writeFileSync(join(folder, 'note'), '');
    expect(() => new TraceFolderWriter(folder, TRACE)).toThrow(
      /expected an empty folder to write a trace to/,
    );
    expect(() => new TraceFolderWriter(join(folder, 'note'), TRACE)).toThrow(
      /note: expected a place to write to, got E(EXIST|NOTDIR)/,
    );
    expect(existsSync(join(folder, 'metadata'))).toBe(false);
  });

  it('is described anew, and takes what it is then told of', () => {
    const packet = tickPacket({ ticks: [0n], sequence: 0n });
    const writer = new TraceFolderWriter(folder, { ...TRACE, streams: new Map() });
    expect(() => {
      writer.append('cpu_0', packet);
    }).toThrow(expect.objectContaining({ code: 'ERR_STREAM' }));
    writer.describe(TRACE);
    writer.append('cpu_0', packet);
    writer.close();
    expect(readFileSync(join(folder, 'cpu_0'))).toEqual(Buffer.from(packet));
    expect(readFileSync(join(folder, 'metadata'), 'utf8')).toContain('lab:tick');
  });

  it('drops a stream with its index, and takes it up again', async () => {
    const sink = new TraceFolderSink(folder);
    sink.discard('cpu_0');
    sink.metadata(metadataText(TRACE));
    for (const stream of ['cpu_0', 'cpu_1'])
      sink.packet(stream, tickPacket({ ticks: [0n, 10n], sequence: 0n }));
    sink.discard('cpu_1');
    sink.discard('cpu_0');
    for (const stream of ['cpu_0', 'cpu_1'])
      expect(
        existsSync(join(folder, stream)) || existsSync(join(folder, 'index', `${stream}.idx`)),
      ).toBe(false);
    sink.packet('cpu_0', tickPacket({ ticks: [20n], sequence: 0n }));
    sink.close();
    const { out } = await command(['trace', 'check', folder]);
    expect(out).toBe('no findings in 1 trace: 1 stream, 1 packet, 1 event\n');
  });

  it('takes no packet of another trace', () => {
    const packet = tickPacket({ ticks: [0n], sequence: 0n });
    const other = { ...TRACE, uuid: '00000000-89ab-4cde-8f01-23456789abcd' };
    const writer = new TraceFolderWriter(folder, other);
    expect(() => {
      writer.append('cpu_0', packet);
    }).toThrow(expect.objectContaining({ code: 'ERR_UUID' }));
    writer.close();
    expect(readFileSync(join(folder, 'metadata'), 'utf8')).toContain(other.uuid);
  });
});
