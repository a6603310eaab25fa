import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';
import { TRACE, freshFolder, tickPacket, writeExample } from './example-folder.js';
import { TraceFolderWriter } from '../../src/trace/trace-folder-writer.js';

let root: string;
beforeAll(() => {
  root = freshFolder();
  writeExample(join(root, 'good'));
  const writer = new TraceFolderWriter(join(root, 'lossy'), TRACE);
  writer.append('cpu_0', tickPacket({ ticks: [1n], sequence: 0n }));
  writer.append('cpu_0', tickPacket({ ticks: [2n], sequence: 3n, discarded: 4n }));
  writer.close();
  mkdirSync(join(root, 'empty'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const trace = (...args: readonly string[]) => command(['trace', ...args], { folder: root });

describe('rseqlab trace view', () => {
  it('prints events of all streams in the order of time', async () => {
    const { status, out, err } = await trace('view', 'good', '--clock-cycles');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n').slice(0, 3)).toEqual([
      String.raw`[00000000000000000000] (+????????????) lab lab:tick: { cpu_id = 0 }, { value = 0, text = "tick \"0\"" }`,
      String.raw`[00000000000000000001] (+000000000001) lab lab:tick: { cpu_id = 1 }, { value = 0, text = "tick \"0\"" }`,
      String.raw`[00000000000000000010] (+000000000009) lab lab:tick: { cpu_id = 0 }, { value = 1, text = "tick \"1\"" }`,
    ]);
  });

  it.each([
    [['--clock-gmt'], '[02:40:00.000000000] (+?.?????????) lab'],
    [['--clock-gmt', '--clock-date'], '[2017-07-14 02:40:00.000000000] (+?.?????????) lab'],
    [['--clock-seconds', '--no-delta'], '[1500000000.000000000] lab'],
  ])('prints times as %j say', async (options, begin) => {
    const { out } = await trace('view', 'good', ...options);
    expect(out.startsWith(begin)).toBe(true);
  });

  it('says what was lost on stderr', async () => {
    expect(await trace('view', 'lossy')).toMatchObject({
      status: 0,
      err: 'rseqlab: warning: 4 events were discarded, and 2 packets are missing\n',
    });
  });
});

describe('commands that read a trace', () => {
  it.each([
    ['an empty file', (file: string) => writeFileSync(file, '')],
    ['no file', (file: string) => rmSync(file)],
  ])('say that a stream of which the index tells is %s, and go on', async (got, take) => {
    const lost = freshFolder();
    cpSync(join(root, 'good'), join(lost, 'lost'), { recursive: true });
    take(join(lost, 'lost', 'cpu_0'));
    for (const args of [
      ['view', 'lost'],
      ['stats', 'lost'],
      ['convert', 'lost', 'lost.json', '--to', 'chrome'],
    ])
      expect(await command(['trace', ...args], { folder: lost })).toMatchObject({
        status: 1,
        out: expect.stringMatching(/./) as string,
        err: `rseqlab: cpu_0: expected the packets that the index tells of, got ${got}\n`,
      });
    rmSync(lost, { recursive: true });
  });

  it('take an empty file without an index for a stream that has nothing yet', async () => {
    const early = freshFolder();
    cpSync(join(root, 'good'), early, { recursive: true });
    rmSync(join(early, 'index'), { recursive: true });
    writeFileSync(join(early, 'cpu_2'), '');
    expect(await command(['trace', 'view', early])).toMatchObject({ status: 0, err: '' });
    rmSync(early, { recursive: true });
  });
});

describe('rseqlab trace check', () => {
  it('tells findings with their place, and ends with 1', async () => {
    expect(await trace('check', 'lossy')).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /^cpu_0, packet 1 at byte \d+: sequence-gap \(warning\): expected the sequence number 1, got 3: 2 packets are missing\ncpu_0, packet 1 at byte \d+: discarded-events \(warning\): expected no event to be lost, got 4 discarded\n0 errors, 2 warnings in 1 trace: 1 stream, 2 packets, 2 events\n$/,
      ) as string,
    });
  });

  it('prints JSON', async () => {
    const { status, out } = await trace('check', 'lossy', '--json');
    expect({ status, report: JSON.parse(out) as unknown }).toMatchObject({
      status: 1,
      report: {
        traces: 1,
        packets: 2,
        findings: [
          { rule: 'sequence-gap', file: 'cpu_0', packet: 1 },
          { rule: 'discarded-events' },
        ],
      },
    });
  });

  it('lets rules be broken that are allowed to be, and knows their names', async () => {
    const { status, out } = await trace(
      'check',
      'lossy',
      '--allow',
      'sequence-gap,discarded-events',
    );
    expect({ status, out }).toMatchObject({
      status: 0,
      out: expect.stringContaining('no findings') as string,
    });
    expect(await trace('check', 'lossy', '--allow', 'gaps')).toMatchObject({
      status: 2,
      err: expect.stringContaining("got 'gaps'") as string,
    });
  });

  it('checks every trace of a folder', async () => {
    const { status, out } = await trace('check', '.');
    expect({ status, out }).toEqual({
      status: 1,
      out: expect.stringMatching(
        /lossy\/cpu_0, packet 1[^]* in 2 traces: 3 streams, 6 packets, 10 events\n$/,
      ) as string,
    });
  });

  it('finds metadata that cannot be read, which other commands refuse', async () => {
    cpSync(join(root, 'good'), join(root, 'mute'), { recursive: true });
    writeFileSync(join(root, 'mute', 'metadata'), 'trace { major = ; };');
    expect(await trace('check', 'mute')).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /^mute\/metadata: metadata \(error\): expected .* line 1, column 17/,
      ) as string,
    });
    for (const name of ['view', 'stats'])
      expect(await trace(name, 'mute')).toMatchObject({
        status: 2,
        err: expect.stringMatching(
          /^rseqlab: mute\/metadata: expected .* line 1, column 17/,
        ) as string,
      });
    rmSync(join(root, 'mute'), { recursive: true });
  });
});

describe('rseqlab trace stats', () => {
  it('counts streams and kinds of events', async () => {
    const { status, out } = await trace('stats', 'lossy');
    expect(status).toBe(0);
    const cells = out.split('\n').map((line) => line.split(/[│\s]+/).filter((cell) => cell !== ''));
    expect(cells[3]).toEqual([
      'cpu_0',
      '0',
      '2',
      '2',
      expect.any(String),
      '100%',
      '0.000000',
      '4',
      '2',
    ]);
    expect(cells).toContainEqual(['lab:tick', '2']);
  });

  it('prints JSON', async () => {
    const { out } = await trace('stats', 'good', '--json');
    expect(JSON.parse(out)).toMatchObject({
      streams: [
        { cpuId: 0, packets: 2, events: 4, byName: { 'lab:tick': 4 }, timestampEnd: '1010' },
        { cpuId: 1, discardedEvents: '0', lostPackets: '0' },
      ],
    });
  });
});

describe('what is no trace', () => {
  it.each([
    ['empty', /^rseqlab: expected a folder with a trace, got empty: there is no file metadata/],
    ['absent', /^rseqlab: expected a folder with a trace, got absent, which is not there\n$/],
    ['good/metadata', /^rseqlab: expected a folder with a trace, got the file good\/metadata/],
  ])('is refused with one line: %s', async (path, message) => {
    for (const name of ['view', 'check', 'stats'])
      expect(await trace(name, path)).toMatchObject({
        status: 2,
        out: '',
        err: expect.stringMatching(message) as string,
      });
  });
});
