import { describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';

interface CheckJson {
  readonly outcome: string;
  readonly classes: number;
  readonly executions: number;
  readonly blocked: number;
  readonly kernelEvents: number;
  readonly states: number;
  readonly reason?: string;
  readonly token?: string;
  readonly finding?: {
    readonly kind: string;
    readonly message: string;
    readonly kernelEvents: number;
    readonly cpus: readonly object[];
    readonly threads: readonly object[];
    readonly schedule: readonly object[];
  };
}

async function checkJson(...args: readonly string[]) {
  const { status, out, err } = await command(['check', ...args, '--json']);
  return { status, err, json: JSON.parse(out) as CheckJson };
}

describe('check, where a scenario holds', () => {
  it('says so for all classes, with status 0', async () => {
    const { status, out, err } = await command(['check', 'holds.ts']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(
      /^atomic adds: holds in all 2 classes \(2 CPUs, 2 threads, any number of kernel events\)\n[\d,]+ executions, [\d,]+ states\n$/,
    );
  });

  it.each([
    [['--preemptions', '1', '--workers', '2'], 'graphs'],
    [['--delays', '1', '--resume', 'never-written'], 'graphs'],
    [['--search', 'states', '--plan', 'never-written'], 'states'],
  ])('refuses %j for a search that is not cut, with status 2', async (options, search) => {
    const { status, out, err } = await command(['check', 'holds.ts', ...options]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(
      'rseqlab: holds.ts: expected a search that can be cut for --workers, --resume and --plan ' +
        '(classes, random, pct, walk; graphs without --preemptions and --delays; states for all but --plan), ' +
        `got ${search} of this scenario\n`,
    );
  });

  it.each([
    [['--memory', 'tso'], 'a scenario whose states can be kept'],
    [['--delays', '1'], 'a scenario whose states can be kept'],
    [['--symmetry'], 'a search of states without symmetry'],
  ])('refuses workers for states with %j, with status 2', async (options, expected) => {
    const args = ['check', 'holds.ts', '--search', 'states', '--workers', '2', ...options];
    const { status, out, err } = await command(args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(`rseqlab: holds.ts: expected ${expected}`);
  });

  it('refuses to plan a search ahead whose units leave states to each other', async () => {
    const { status, out, err } = await command(['check', 'holds.ts', '--plan', 'never-written']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(
      /^rseqlab: holds\.ts: expected a search whose units need nothing of each other .*, got graphs with kernel events or under weak\n$/,
    );
  });

  it('prints the counts as JSON', async () => {
    const { status, json } = await checkJson('holds.ts');
    expect(status).toBe(0);
    expect(Object.keys(json).sort()).toEqual([
      'blocked',
      'classes',
      'executions',
      'kernelEvents',
      'outcome',
      'states',
    ]);
    expect(json).toMatchObject({ outcome: 'holds', classes: 2, blocked: 0 });
    expect(json.executions).toBeGreaterThan(1);
  });
});

describe('check of several files', () => {
  it('checks each, says which is which, and ends with the worst of their statuses', async () => {
    const files = ['holds.ts', 'lost-update.ts', 'racy-counter.ts'];
    const { status, out, err } = await command(['check', ...files]);
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/^holds\.ts: atomic adds: holds in all 2 classes/);
    expect(out).toMatch(/^lost-update\.ts: lost update: fails with 0 kernel events/m);
    expect(out).toMatch(/^racy-counter\.ts: .*: (unknown|fails)/m);
  });

  it('checks the others, too, where one is refused, which is the worst', async () => {
    const files = ['no-default.ts', 'lost-update.ts', 'missing.ts', 'holds.ts'];
    const { status, out, err } = await command(['check', ...files]);
    expect(status).toBe(2);
    expect(err).toMatch(/^rseqlab: no-default\.ts: .*\nrseqlab: missing\.ts: .*\n$/);
    expect(out).toMatch(/^holds\.ts: atomic adds: holds/m);
  });

  it('ends with status 3 where a bound was reached and nothing was found', async () => {
    const { status } = await command(['check', 'many-states.ts', 'holds.ts', '--executions', '5']);
    expect(status).toBe(3);
  });

  it('prints JSON for each, with the name of its file', async () => {
    const { out } = await command(['check', 'holds.ts', 'lost-update.ts', '--json']);
    const results = out.split(/^(?=\{)/m).map((one) => JSON.parse(one) as object);
    expect(results).toMatchObject([
      { file: 'holds.ts', outcome: 'holds' },
      { file: 'lost-update.ts', outcome: 'fails' },
    ]);
  });

  it.each(['html', 'resume', 'plan'])('refuses --%s, which is of one', async (name) => {
    const files = ['holds.ts', 'lost-update.ts'];
    const { status, out, err } = await command(['check', ...files, `--${name}`, 'never-written']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(`rseqlab: expected one file for --${name}, got 2\n`);
  });
});

describe('check, where a scenario fails', () => {
  it('prints the finding, the schedule, every place and the command that replays it', async () => {
    const { status, out, err } = await command(['check', 'lost-update.ts']);
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/^lost update: fails with 0 kernel events \(2 CPUs, 2 threads\)\n/);
    expect(out).toContain('assertion: expected the word to be 2, got 1');
    expect(out).toMatch(/step {2}CPU 0 +CPU 1\n/);
    expect(out).toMatch(/T0 load32 {2}\[0x10000000\] is 0 .*at lost-update\.ts:10:\d+/);
    expect(out).toMatch(/CPU 1: idle, T1 was the last: store32 \(lost-update\.ts:11:\d+\)/);
    expect(out).toMatch(/\n {2}rseqlab replay rseqlab1:lost-update\.ts:\S+\n$/);
  });

  it('prints the same as JSON', async () => {
    const { status, json } = await checkJson('lost-update.ts');
    expect(status).toBe(1);
    expect(json).toMatchObject({
      outcome: 'fails',
      kernelEvents: 0,
      finding: {
        kind: 'assertion',
        message: 'expected the word to be 2, got 1',
        kernelEvents: 0,
        cpus: [{ cpu: 0 }, { cpu: 1 }],
        threads: [
          { thread: 0, name: 'add', source: { file: 'lost-update.ts', line: 11 } },
          { thread: 1, name: 'add', source: { file: 'lost-update.ts', line: 11 } },
        ],
      },
    });
    expect(json.token).toMatch(/^rseqlab1:lost-update\.ts:/);
    expect(json.finding?.schedule.length).toBeGreaterThan(4);
  });

  it('reports threads that wait for ever, and where', async () => {
    const { status, json } = await checkJson('deadlock.ts');
    expect(status).toBe(1);
    expect(json.finding).toMatchObject({
      kind: 'deadlock',
      threads: [
        { state: 'asleep', instruction: 'futex(0x10000000, 128, 0)', source: { line: 11 } },
        { state: 'asleep' },
      ],
    });
  });

  it('reports a thread that touches unmapped memory, with the address', async () => {
    const { status, json } = await checkJson('unmapped-memory.ts');
    expect(status).toBe(1);
    expect(json.finding).toMatchObject({
      kind: 'crash',
      message: 'expected T0 stray to live, got SIGSEGV at address 0x1234: nothing is mapped there',
      thread: 0,
    });
  });
});

describe('check, where a bound is reached', () => {
  it('is no pass: status 3', async () => {
    const { status, out } = await command(['check', 'holds.ts', '--executions', '2']);
    expect(status).toBe(3);
    expect(out).toMatch(/^atomic adds: unknown: nothing was found in \d classe?s? /);
  });

  it('says which bound as JSON', async () => {
    const { status, json } = await checkJson('holds.ts', '--kernel-events', '0');
    expect(status).toBe(3);
    expect(json).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('kernel events') as string,
    });
  });

  it('is reached by a thread that goes on for ever', async () => {
    const { status, json } = await checkJson('endless.ts');
    expect(status).toBe(3);
    expect(json.outcome).toBe('unknown');
  });
});

describe('check --memory', () => {
  it('replaces the memory model, and the replay command says so', async () => {
    const file = '../../../../examples/store-buffering.ts';
    expect(await command(['check', file, '--memory', 'sc'])).toMatchObject({ status: 0 });
    const { status, out } = await command(['check', file, '--memory', 'tso']);
    expect(status).toBe(1);
    expect(out).toMatch(/rseqlab replay \S+ --memory tso\n$/);
  });
});

describe('check --search', () => {
  it.each(['graphs', 'states', 'random', 'pct', 'walk'])(
    'finds a lost update by %s',
    async (name) => {
      const { status, out, err } = await command(['check', 'lost-update.ts', '--search', name]);
      expect({ status, err }).toEqual({ status: 1, err: '' });
      expect(out).toMatch(/^lost update: fails with \d+ kernel events? \(2 CPUs, 2 threads\)\n/);
      expect(out).toMatch(/\n {2}rseqlab replay rseqlab1:lost-update\.ts:\S+\n$/);
    },
  );

  it('tells states, not classes, where it searches by states', async () => {
    const { status, out } = await command(['check', 'holds.ts', '--search', 'states']);
    expect(status).toBe(0);
    expect(out).toMatch(/^atomic adds: holds in all [\d,]+ states \(2 CPUs, 2 threads, any number/);
  });

  it('never calls a sample a pass, and prints the same for the same seed', async () => {
    const args = ['check', 'holds.ts', '--search', 'walk', '--seed', '5', '--executions', '50'];
    const { status, out } = await command(args);
    expect(status).toBe(3);
    expect(out).toBe(
      'atomic adds: unknown: nothing was found in 2 classes (2 CPUs, 2 threads) before ' +
        'the number of executions to sample was reached\n50 executions\n',
    );
    expect((await command(args)).out).toBe(out);
  });

  it('keeps whole states, and shows a livelock with the way around', async () => {
    const args = ['--search', 'states', '--fingerprint', 'whole'];
    expect(await command(['check', 'holds.ts', ...args])).toMatchObject({ status: 0 });
    const { status, out } = await command(['check', 'livelock.ts', ...args]);
    expect(status).toBe(1);
    expect(out).toMatch(/livelock: expected every thread to be able to end, got \d+ states/);
    expect(out).toMatch(/\n {2}rseqlab replay rseqlab1:livelock\.ts:\S+\n$/);
  });

  it('leaves states out that tell nothing new', async () => {
    const args = ['holds.ts', '--search', 'states'];
    const { json: all } = await checkJson(...args);
    const { status, json } = await checkJson(...args, '--reduce');
    expect(status).toBe(0);
    expect(json.states).toBeLessThanOrEqual(all.states);
  });

  it('keeps schedules within bounds', async () => {
    const args = ['lost-update.ts', '--search', 'states', '--preemptions', '0', '--delays', '0'];
    const { status, json } = await checkJson(...args);
    expect(status).toBe(3);
    expect(json.reason).toBe('the bound of 0 preemptions and 0 delays');
  });

  it('samples with few kernel events first', async () => {
    const args = ['--search', 'pct', '--depth', '2', '--deepen', '--kernel-events', '1'];
    const { json } = await checkJson('holds.ts', ...args, '--executions', '20');
    expect(json).toMatchObject({ outcome: 'unknown', executions: 40, kernelEvents: 1 });
  });

  it.each([
    [['--search', 'best'], /argument 'best' is invalid\. Allowed choices are graphs, states, /],
    [['--depth', '2'], /expected settings that search "graphs" understands .*, got depth\n$/],
    [['--reduce'], /expected settings that search "graphs" understands .*, got reduce\n$/],
    [['--search', 'states', '--symmetry'], /says which threads are interchangeable .*, got "/],
    [['--search', 'pct', '--depth', '0'], /expected an integer from 1 to 1000, got '0'/],
    [['--search', 'walk', '--deepen'], /expected a bound on kernelEvents/],
  ])('is refused: %j', async (args, message) => {
    const { status, out, err } = await command(['check', 'holds.ts', ...args]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd()).not.toContain('\n');
  });
});
