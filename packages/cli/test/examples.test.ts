import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, command } from './captured-io.js';
import { freshFolder } from './trace/example-folder.js';

/** What every example is for, and how the command must end. */
const EXAMPLES: Readonly<
  Record<string, readonly [name: 'run' | 'check', status: number, says: RegExp]>
> = {
  'aba-stack.ts': ['check', 1, /fails with 0 kernel events[^]*to be free or in use, and not both/],
  'aba-stack-counted.ts': ['check', 0, /holds in all \d+ classes/],
  'configuration-reload.ts': ['check', 0, /holds in all \d+ classes/],
  'crashed-producer.ts': ['run', 0, /nothing was found in one run[^]*60 signals/],
  'counting-under-load.ts': ['run', 0, /nothing was found in one run[^]*\d abort/],
  'free-list.ts': ['check', 0, /holds in all \d+ classes/],
  'free-list-without-rseq.ts': [
    'check',
    1,
    /fails with \d kernel events?[^]*the free blocks to be/,
  ],
  'getcpu-cache-without-rseq.ts': ['check', 0, /holds in all \d+ classes/],
  'grace-period-one-flip.ts': ['check', 1, /fails with 0 kernel events[^]*nothing that was freed/],
  'grace-period-two-flips.ts': ['check', 0, /holds in all \d+ classes/],
  'lost-wake-up.ts': ['check', 1, /lost-wakeup: expected T0 sleeper to be woken, got a wake-up/],
  'lost-wake-up-compared.ts': ['check', 0, /holds in all \d+ classes/],
  'per-cpu-counter.ts': ['check', 0, /holds in all \d+ classes/],
  'per-cpu-counter-atomic.ts': ['check', 0, /holds in all \d+ classes/],
  'per-cpu-counter-plain.ts': ['check', 1, /expected the sum to be 2, got 1/],
  'per-cpu-counter-without-rseq.ts': ['check', 1, /fails with 2 kernel events[^]*got 1/],
  'multi-process-cache.ts': ['run', 0, /nothing was found in one run/],
  'peterson.ts': ['check', 1, /fails with 0 kernel events[^]*at most one thread inside/],
  'peterson-with-fence.ts': ['check', 0, /holds in all \d+ classes/],
  'routing-table.ts': ['run', 0, /nothing was found in one run/],
  'shared-registration.ts': ['check', 0, /holds in all \d+ class/],
  'single-step-livelock.ts': ['run', 0, /nothing was found in one run[^]* \d\d aborts/],
  'single-step-rescue.ts': ['run', 0, /nothing was found in one run[^]*\b1 abort/],
  'store-buffering.ts': ['check', 1, /fails with 0 kernel events[^]*got 0 and 0/],
  'store-buffering-with-fence.ts': ['check', 0, /holds in all 3 classes/],
};

/** Those that trace: where in the trace, what a strict checker says of it, and what events come one behind the other. */
const TRACED: Readonly<Record<string, readonly [part: string, status: number, tells: RegExp]>> = {
  'first-trace.ts': [
    'ust/shop',
    0,
    /shop:request: \{ cpu_id = 1 \}, \{ vtid = \d+, procname = "server\/1" \}, \{ id = 4, path = "\/article\/4" \}\n[^]*status = \( "NOT_FOUND" : container = 404 \) \}\n/,
  ],
  'flight-recorder.ts': [
    'ust/on-error',
    1,
    /service:accepted: \{ cpu_id = 0 \}, \{ id = 700 \}\n.* service:failed: \{ cpu_id = 0 \}, \{ id = 700, reason = "connection reset" \}\n$/,
  ],
  'traced-signal-handler.ts': [
    'ust/profile',
    0,
    /profiler:sample: .* number = 3, during_step = (\d+) \}\n.* worker:step: .* number = \1 \}\n/,
  ],
  'scheduler-beside-program.ts': [
    '',
    0,
    /job:work_begin: .* job = 1 \}\n(?!.*work_end)[^]*sched_switch: .* next_comm = "control"[^]*job:work_end: .* job = 1 \}\n/,
  ],
};

/** The one that cannot be set up. */
const REFUSED = 'refused-section.ts';

const folder = join(ROOT, 'examples');

describe('the scenarios among the examples', () => {
  it('are all run here', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const run = [...Object.keys(EXAMPLES), ...Object.keys(TRACED), REFUSED];
    expect(files.sort()).toEqual(run.sort());
  });

  it.each(Object.entries(EXAMPLES))('%s', async (file, [name, expected, says]) => {
    const { status, out, err } = await command([name, file], { folder });
    expect({ status, err }).toEqual({ status: expected, err: '' });
    expect(out).toMatch(says);
  });

  it(`${REFUSED} is refused, with every rule that its section breaks and where`, async () => {
    const { status, out, err } = await command(['check', REFUSED], { folder });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/section "cs", commit: .*addi r2, r2, -8/);
    expect(err).toMatch(/section "cs", syscall: .*: syscall/);
  });

  it('hold under sc where only a store buffer breaks them', async () => {
    const { status } = await command(['check', 'store-buffering.ts', '--memory', 'sc'], { folder });
    expect(status).toBe(0);
  });
});

describe('the examples that trace', () => {
  const traces = freshFolder();
  afterAll(() => {
    rmSync(traces, { recursive: true, force: true });
  });

  it.each(Object.entries(TRACED))('%s', async (file, [part, status, tells]) => {
    const trace = join(traces, file);
    const run = await command(['run', file, '--trace', trace], { folder });
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(run.out).toContain('nothing was found in one run');
    expect(await command(['trace', 'check', trace])).toMatchObject({ status, err: '' });
    const { out } = await command(['trace', 'view', join(trace, part)]);
    expect(out).toMatch(tells);
  });

  it('flight-recorder.ts lost nothing but what was overwritten', async () => {
    const trace = join(traces, 'flight-recorder.ts');
    const allowed = await command(['trace', 'check', trace, '--allow', 'sequence-start']);
    expect(allowed).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^no findings/) as string,
    });
  });
});
