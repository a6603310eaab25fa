import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { command } from '../captured-io.js';

const folder = mkdtempSync(join(tmpdir(), 'run-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasBabeltrace = spawnSync('babeltrace2', ['--version']).error === undefined;

/** How often each event is in a trace, by its name. */
function countsOf(path: string): Record<string, number> {
  const reader = new PacketReader(parseMetadata(readFileSync(join(path, 'metadata'), 'utf8')));
  const counts: Record<string, number> = {};
  for (const stream of readdirSync(path).filter((name) => /^kernel_\d+$/.test(name))) {
    const bytes = readFileSync(join(path, stream));
    for (let at = 0; at < bytes.length;) {
      const { packetBits } = reader.open(bytes.subarray(at));
      for (const { type } of reader.events()) counts[type.name] = (counts[type.name] ?? 0) + 1;
      at += packetBits / 8;
    }
  }
  return counts;
}

describe('run --trace', () => {
  it.each(['timed', 'random'])(
    'writes what it counts, of a scenario that knows nothing of it: %s',
    async (director) => {
      const trace = join(folder, director);
      const options = ['run', 'page-and-signal.ts', '--director', director, '--json'];
      const plain = await command(options);
      const traced = await command([...options, '--trace', trace]);
      expect(traced).toEqual(plain);
      const { events } = JSON.parse(traced.out) as { events: Record<string, number> };
      const counts = countsOf(join(trace, 'kernel'));
      expect(counts['sys_enter'] ?? 0).toBe(events['syscalls']);
      expect(counts['sched_migrate_task'] ?? 0).toBe(events['migrations']);
      expect(counts['sched_wakeup'] ?? 0).toBe(events['wakeups']);
      expect(counts['page_fault_user'] ?? 0).toBe(events['faults']);
      expect(counts['sched_switch']).toBeGreaterThan(0);
      expect(readdirSync(join(trace, 'kernel', 'index'))).toContain('kernel_0.idx');
      expect(await command(['trace', 'check', trace])).toMatchObject({ status: 0, err: '' });
    },
  );

  it.skipIf(!hasBabeltrace)(
    'writes what babeltrace2 finds as many events in (skipped where it is not installed)',
    async () => {
      const trace = join(folder, 'counted');
      await command(['run', 'page-and-signal.ts', '--trace', trace]);
      const found = spawnSync('babeltrace2', [trace], { encoding: 'utf8' });
      expect(found.stderr).toBe('');
      const counts = Object.values(countsOf(join(trace, 'kernel')));
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(total).toBeGreaterThan(0);
      expect(found.stdout.trimEnd().split('\n')).toHaveLength(total);
    },
  );

  it('leaves what was recorded until a thread threw', async () => {
    const trace = join(folder, 'throws');
    const { status } = await command(['run', 'throws-in-thread.ts', '--trace', trace]);
    expect(status).toBe(2);
    expect(countsOf(join(trace, 'kernel'))['sched_wakeup_new']).toBeGreaterThan(0);
  });

  it('has the traces of a program in folders of their own, whatever their names, and numbers equal ones', async () => {
    const trace = join(folder, 'by-name');
    const run = await command(['run', 'traces-by-name.ts', '--trace', trace]);
    expect(run).toMatchObject({ status: 0, err: '' });
    const parts = ['%2E.', 'a%2Fb', 'a%2Fb-2', 'trace'];
    expect(readdirSync(join(trace, 'ust')).sort()).toEqual(parts);
    for (const [part, events] of [
      ['a%2Fb', 1],
      ['a%2Fb-2', 2],
      ['%2E.', 3],
      ['trace', 4],
    ] as const) {
      const { out } = await command(['trace', 'view', join(trace, 'ust', part)]);
      expect(out.trimEnd().split('\n')).toHaveLength(events);
    }
    // All of them and the kernel's are in one folder, which readers open as a whole.
    const viewed = await command(['trace', 'view', trace]);
    expect(viewed.out.match(/ lab:tick:/g)).toHaveLength(10);
  });

  it.skipIf(!hasBabeltrace)(
    'has traces of equal names that babeltrace2 keeps apart (skipped where it is not installed)',
    async () => {
      const trace = join(folder, 'by-name-read');
      await command(['run', 'traces-by-name.ts', '--trace', trace]);
      const found = spawnSync('babeltrace2', ['--clock-cycles', trace], { encoding: 'utf8' });
      const viewed = await command(['trace', 'view', '--clock-cycles', trace]);
      const sorted = (text: string): string[] =>
        text
          .replace(/ \(\+\d+\) /g, ' ')
          .split('\n')
          .sort();
      expect(sorted(found.stdout)).toEqual(sorted(viewed.out));
    },
  );

  it('refuses a folder with something in it, and one that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const used = await command(['run', 'holds.ts', '--trace', folder]);
    expect(used).toMatchObject({ status: 2 });
    expect(used.err).toContain('expected an empty folder to write a trace to');
    const impossible = await command(['run', 'holds.ts', '--trace', join(folder, 'file', 'x')]);
    expect(impossible).toMatchObject({ status: 2 });
    expect(impossible.err).toMatch(/expected a place to write to, got ENOTDIR/);
    expect(existsSync(join(folder, 'kernel'))).toBe(false);
    // Where nobody can make a folder, Node's own way of making several never comes back.
    const nowhere = await command(['run', 'holds.ts', '--trace', '/proc/rseqlab/trace']);
    expect(nowhere).toMatchObject({ status: 2 });
    expect(nowhere.err).toMatch(/expected a place to write to, got ENOENT\n$/);
  });
});
