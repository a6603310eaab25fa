import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, command } from './captured-io.js';

/** What every example is for, and how the command must end. */
const EXAMPLES: Readonly<
  Record<string, readonly [name: 'run' | 'check', status: number, says: RegExp]>
> = {
  'aba-stack.ts': ['check', 1, /fails with 0 kernel events[^]*to be free or in use, and not both/],
  'aba-stack-counted.ts': ['check', 0, /holds in all \d+ classes/],
  'configuration-reload.ts': ['check', 0, /holds in all \d+ classes/],
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

/** The one that cannot be set up. */
const REFUSED = 'refused-section.ts';

const folder = join(ROOT, 'examples');

describe('the scenarios among the examples', () => {
  it('are all run here', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    expect(files.sort()).toEqual([...Object.keys(EXAMPLES), REFUSED].sort());
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
