import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, command } from '../captured-io.js';

const folder = mkdtempSync(join(tmpdir(), 'litmus-'));
const STATES = '0:rax=0; 1:rax=1; | 0:rax=1; 1:rax=0; | 0:rax=1; 1:rax=1;';

const test = (name: string, body: string): string => `X86_64 ${name}
{ x=0; y=0; }
${body}
exists (0:rax=0 /\\ 1:rax=0)
`;
const SB = test(
  'SB',
  ` P0            | P1            ;
 movq $1,(x)   | movq $1,(y)   ;
 movq (y),%rax | movq (x),%rax ;`,
);

beforeAll(() => {
  mkdirSync(join(folder, 'tests/deeper'), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'tests/SB.litmus': SB,
    'tests/deeper/SB-too.litmus': SB.replace('SB', 'SB-too'),
    'tests/notes.txt': 'no test',
    'broken.litmus': SB.replace('movq (y)', 'movq (y'),
    'endless.litmus': test('endless', ' P0 | P1 ;\n L0: | ;\n incl (x) | ;\n jmp L0 | ;'),
    'table.tsv': `file\tsc\tstates_sc\ntests/SB.litmus\tNever\t${STATES}\n`,
    'wrong.tsv': `file\tsc\tstates_sc\ntests/SB.litmus\tSometimes\t${STATES} | 0:rax=0; 1:rax=0;\n`,
    'malformed.tsv': 'file\tsc\ntests/SB.litmus\tPerhaps\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'empty'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const litmus = (...args: readonly string[]) => command(['litmus', ...args], { folder });

describe('litmus', () => {
  it('prints verdict and number of states of every test, with status 0', async () => {
    expect(await litmus('tests', '--model', 'sc')).toMatchObject({
      status: 0,
      err: '',
      out: [
        'tests/SB.litmus\tNever\t3 states',
        'tests/deeper/SB-too.litmus\tNever\t3 states',
        '2 litmus tests under sc',
        '',
      ].join('\n'),
    });
  });

  it('prints exactly the documented JSON', async () => {
    const { status, out } = await litmus(
      'tests',
      '--model',
      'sc',
      '--expect',
      'table.tsv',
      '--json',
    );
    expect(status).toBe(0);
    const states = STATES.split(' | ');
    expect(JSON.parse(out)).toEqual({
      model: 'sc',
      tests: [
        {
          file: 'tests/SB.litmus',
          name: 'SB',
          verdict: 'Never',
          states,
          expected: { verdict: 'Never', states },
          agrees: true,
        },
        { file: 'tests/deeper/SB-too.litmus', name: 'SB-too', verdict: 'Never', states },
      ],
    });
  });

  it('finds more states under tso', async () => {
    const { out } = await litmus('tests/SB.litmus', '--model', 'tso', '--json');
    expect(JSON.parse(out)).toMatchObject({
      model: 'tso',
      tests: [{ verdict: 'Sometimes', states: ['0:rax=0; 1:rax=0;', ...STATES.split(' | ')] }],
    });
  });

  it('runs under several models in one call', async () => {
    const { status, out } = await litmus('tests', '--model', 'tso,sc');
    expect(status).toBe(0);
    expect(out).toBe(
      [
        'tests/SB.litmus\tSometimes\t4 states',
        'tests/deeper/SB-too.litmus\tSometimes\t4 states',
        '2 litmus tests under tso',
        'tests/SB.litmus\tNever\t3 states',
        'tests/deeper/SB-too.litmus\tNever\t3 states',
        '2 litmus tests under sc',
        '',
      ].join('\n'),
    );
    const alone = async (model: string): Promise<unknown> =>
      JSON.parse((await litmus('tests', '--model', model, '--json')).out);
    expect(await alone('sc,tso')).toEqual({ models: [await alone('sc'), await alone('tso')] });
  });

  it('refuses models that it does not know, or twice', async () => {
    const { status, err } = await litmus('tests', '--model', 'sc,arm');
    expect(status).toBe(2);
    expect(err).toMatch(/'--model <model>' argument 'sc,arm' is invalid\. Allowed choices are /);
    expect((await litmus('tests', '--model', 'sc,sc')).status).toBe(2);
  });

  it('runs a test once, however often it is named', async () => {
    const { out } = await litmus('tests/SB.litmus', 'tests', './tests/SB.litmus', '--json');
    expect((JSON.parse(out) as { tests: object[] }).tests).toHaveLength(2);
  });

  it('draws a table on a terminal', async () => {
    const { out, progress } = await command(
      ['litmus', 'tests', '--model', 'sc', '--expect', 'table.tsv'],
      { folder, isTerminal: true },
    );
    expect(out).toMatch(/│ tests\/SB\.litmus +│ Never +│ +3 │ agrees +│/);
    expect(progress).toEqual(['litmus tests']);
  });
});

describe('litmus --expect', () => {
  it('ends with status 1 when a test disagrees, and says how', async () => {
    const { status, out } = await litmus('tests', '--model', 'sc', '--expect', 'wrong.tsv');
    expect(status).toBe(1);
    expect(out).toContain('disagrees: tests/SB.litmus: expected Sometimes, got Never');
    expect(out).toContain('  not reached:  0:rax=0; 1:rax=0;');
    expect(out).toContain('1 of 1 disagree with the table');
  });

  it('says so as JSON', async () => {
    const { status, out } = await litmus(
      'tests/SB.litmus',
      '--model',
      'sc',
      '--expect',
      'wrong.tsv',
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ tests: [{ agrees: false }] });
  });

  it('refuses a malformed table with file, line and column', async () => {
    const { status, out, err } = await litmus('tests', '--expect', 'malformed.tsv');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^rseqlab: malformed\.tsv:2:\d+: expected .*, got 'Perhaps'\n$/);
  });

  it('refuses a table that is not there', async () => {
    expect(await litmus('tests', '--expect', 'none.tsv')).toMatchObject({
      status: 2,
      err: 'rseqlab: none.tsv: expected a table of expected results, got ENOENT\n',
    });
  });

  it('finds every test of examples/litmus as its table says', async () => {
    const examples = join(ROOT, 'examples/litmus');
    for (const model of ['sc', 'tso']) {
      const args = [
        'litmus',
        examples,
        '--model',
        model,
        '--expect',
        join(examples, 'expected.tsv'),
      ];
      const { status, out } = await command(args);
      expect(status).toBe(0);
      expect(out).toMatch(/all \d+ in the table agree with it\n$/);
    }
  });
});

const C_SB = `C SB-in-C
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;
const C_SELF = `C self
{}
P0(int *x) { rcu_read_lock(); synchronize_rcu(); rcu_read_unlock(); }
exists (x=1)
`;
const C_TWICE = `C twice
{}
P0(struct srcu_struct *s) { int i = srcu_read_lock(s); srcu_read_unlock(s, i); srcu_read_unlock(s, i); }
exists (true)
`;

describe('litmus, with C tests', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'c'));
    writeFileSync(join(folder, 'c/SB.litmus'), C_SB);
    writeFileSync(join(folder, 'c/self.litmus'), C_SELF);
    writeFileSync(join(folder, 'c/twice.litmus'), C_TWICE);
    const rows = ['SB.litmus\tSometimes', 'self.litmus\tDEADLOCK'];
    const flag = 'twice.litmus\tFlag srcu-bad-nesting';
    writeFileSync(join(folder, 'c/table.tsv'), ['file\tverdict', ...rows, flag, ''].join('\n'));
    writeFileSync(join(folder, 'c/wrong.tsv'), 'file\tverdict\nself.litmus\tNever\n');
    writeFileSync(join(folder, 'arm.litmus'), 'AArch64 MP\n{}\n');
  });

  it('runs both dialects in one go, told apart by their content', async () => {
    const { status, out } = await litmus('tests/SB.litmus', 'c/SB.litmus');
    expect(status).toBe(0);
    expect(out).toBe(
      [
        'tests/SB.litmus\tSometimes\t4 states',
        'c/SB.litmus\tSometimes\t4 states',
        '2 litmus tests under tso',
        '',
      ].join('\n'),
    );
  });

  it('says who waits for whom, which rule is broken, and which Sometimes were reached', async () => {
    const { status, out } = await litmus('c', '--expect', 'c/table.tsv');
    expect(status).toBe(0);
    expect(out.split('\n').slice(3)).toEqual([
      'deadlock: c/self.litmus: P0 -> P0',
      '  P0 waits in synchronize_rcu() (3:31) for itself, which did rcu_read_lock() (3:14)',
      'misuse: c/twice.litmus: srcu-bad-nesting: P0, srcu_read_unlock(s, i) (3:80)',
      'Sometimes: 1 of 1 outcome reached under tso',
      '  c/SB.litmus',
      '3 litmus tests under tso, all 3 in the table agree with it',
      '',
    ]);
    const sc = await litmus('c', '--expect', 'c/table.tsv', '--model', 'sc');
    expect(sc.status).toBe(0);
    expect(sc.out).toContain('Sometimes: 0 of 1 outcome reached under sc\n');
  });

  it('ends with status 1 for a deadlock that no table states, or one that it denies', async () => {
    expect((await litmus('c/self.litmus')).status).toBe(1);
    const { status, out } = await litmus('c/self.litmus', '--expect', 'c/wrong.tsv');
    expect(status).toBe(1);
    expect(out).toContain('disagrees: c/self.litmus: expected Never, got DEADLOCK');
  });

  it('tells it all as JSON', async () => {
    const { out } = await litmus('c', '--expect', 'c/table.tsv', '--json');
    expect(JSON.parse(out)).toMatchObject({
      model: 'tso',
      tests: [
        {
          ...{ file: 'c/SB.litmus', name: 'SB-in-C', dialect: 'C', verdict: 'Sometimes' },
          ...{ observation: 'Sometimes', expected: { verdict: 'Sometimes' }, agrees: true },
        },
        { verdict: 'DEADLOCK', states: [], deadlock: { cycle: ['P0', 'P0'] }, agrees: true },
        { verdict: 'Flag srcu-bad-nesting', misuses: [{ thread: 'P0' }], agrees: true },
      ],
    });
  });

  it('names a dialect that it does not run, and runs the others', async () => {
    const { status, out, err } = await litmus('arm.litmus', 'c/SB.litmus');
    expect(status).toBe(2);
    expect(err).toBe(
      'arm.litmus:1:1: expected a test in the dialect X86_64 or C, got one in the dialect AArch64\n',
    );
    expect(out).toContain('c/SB.litmus\tSometimes');
  });

  it('prints nothing but the refusal where no file can be run, under any number of models', async () => {
    const { status, out, err } = await litmus('arm.litmus', '--model', 'sc,tso');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(
      'arm.litmus:1:1: expected a test in the dialect X86_64 or C, got one in the dialect AArch64\n',
    );
    const { out: json } = await litmus('arm.litmus', '--json');
    expect(JSON.parse(json)).toEqual({ model: 'tso', tests: [] });
  });
});

describe('litmus, with bad input', () => {
  it('names the place in a malformed file, runs the others, and ends with status 2', async () => {
    const { status, out, err } = await litmus('broken.litmus', 'tests', '--model', 'sc', '--json');
    expect(status).toBe(2);
    expect(err).toMatch(/^broken\.litmus:5:\d+: expected .*, got .*\n$/);
    expect((JSON.parse(out) as { tests: object[] }).tests).toHaveLength(2);
  });

  it('names a path that is not there, runs the others, and ends with status 2', async () => {
    const { status, out, err } = await litmus('none.litmus', 'tests/SB.litmus');
    expect(status).toBe(2);
    expect(err).toBe('none.litmus: expected a litmus file or a folder of them, got no such file\n');
    expect(out).toContain('1 litmus test under tso');
  });

  it('names a folder without tests', async () => {
    const { status, err } = await litmus('empty');
    expect(status).toBe(2);
    expect(err).toBe('empty: expected a folder with *.litmus files, got none\n');
  });

  it('does not say Never where not every interleaving was taken', async () => {
    const bounded = [
      'tests/SB.litmus',
      '--model',
      'sc',
      '--executions',
      '1',
      '--expect',
      'table.tsv',
    ];
    const { status, out } = await litmus(...bounded);
    expect(status).toBe(3);
    expect(out).toBe('tests/SB.litmus\tUNKNOWN\t1 state\n1 litmus test under sc, 1 unknown\n');
    const told = JSON.parse((await litmus(...bounded, '--json')).out) as { tests: object[] };
    expect(told.tests[0]).toMatchObject({ verdict: 'UNKNOWN', complete: false });
    expect(told.tests[0]).not.toHaveProperty('agrees');
  });

  it('says that a test without an end reached a bound, with status 3', async () => {
    const { status, err } = await litmus('endless.litmus', '--model', 'sc');
    expect(status).toBe(3);
    expect(err).toBe('endless.litmus: expected a test with an end, got one that reached a bound\n');
  });
});
