import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { compareLkmm } from '../../src/lkmm-search/compare-lkmm.js';
import { misuseText, waitText } from '../../src/lkmm-search/lkmm-finding.js';
import { LkmmSearch } from '../../src/lkmm-search/lkmm-search.js';

const FOLDER = fileURLToPath(new URL('../../../../examples/lkmm', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.litmus'));
const table = parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv');
const parse = (file: string) => parseLkmm(readFileSync(`${FOLDER}/${file}`, 'utf8'), file);

it('every classic C test has a row in the table, and every row its test', () => {
  expect([...table.keys()].sort()).toEqual(files.sort());
});

it('every classic C test is named as its file', () => {
  expect(files.map((file) => `${parse(file).name}.litmus`)).toEqual(files);
});

/** Takes as long as all others together under weak; `rseqlab litmus` has no such scruples. */
const LARGE = 'RCU+1-period+2-sections.litmus';

describe.each(['sc', 'tso', 'weak'] as const)('the classic C tests under %s', (model) => {
  const search = new LkmmSearch(model);

  it.each(model === 'weak' ? files.filter((file) => file !== LARGE) : files)('%s', (file) => {
    const { outcome, complete } = search.run(parse(file));
    const { outcomes, lkmm } = table.get(file)!;
    const own = outcomes[model]!;
    expect(complete).toBe(true);
    expect(outcome.verdict).toBe(own.verdict);
    expect(compareLkmm(outcome, { outcome: own, lkmm: lkmm! }).agrees).toBe(true);
  });
});

describe('what is wrong with a test', () => {
  const run = (file: string) => new LkmmSearch('tso').run(parse(file)).outcome;

  it('is told with who waits for whom: a thread for itself', () => {
    const { deadlock, states } = run('RCU+sync-inside.litmus');
    expect(states).toEqual([]);
    expect(deadlock!.cycle).toEqual(['P0', 'P0']);
    expect(deadlock!.waits.map(waitText)).toEqual([
      'P0 waits in synchronize_rcu() (11:2) for itself, which did rcu_read_lock() (9:2)',
    ]);
  });

  it('is told with who waits for whom: two threads for each other', () => {
    const { deadlock } = run('RCU+lock-around-sync.litmus');
    expect(deadlock!.cycle).toEqual(['P0', 'P1', 'P0']);
    expect(deadlock!.waits.map(waitText)).toEqual([
      'P0 waits in spin_lock(lock) (10:2) for P1, which did spin_lock(lock) (18:2)',
      'P1 waits in synchronize_rcu() (20:2) for P0, which did rcu_read_lock() (9:2)',
    ]);
  });

  it('is told with the rule that is broken, and where', () => {
    expect(run('SRCU+double-unlock.litmus').misuses.map(misuseText)).toEqual([
      'srcu-bad-nesting: P0, srcu_read_unlock(ss, idx) (14:2)',
    ]);
    expect(run('POINTER+null.litmus').misuses.map(misuseText)).toEqual([
      'wrong-pointer: P0, r1 = READ_ONCE(*r0) (13:2)',
    ]);
  });

  it('is told also of a wait for a thread that has ended', () => {
    const text = `C t\n{}\nP0(spinlock_t *l) { spin_lock(l); }\nP1(spinlock_t *l) { spin_lock(l); }\nexists (true)`;
    const { verdict, deadlock } = new LkmmSearch('sc').run(parseLkmm(text, 't')).outcome;
    expect(verdict).toBe('DEADLOCK');
    expect(deadlock!.cycle).toEqual([]);
    expect(waitText(deadlock!.waits[0]!)).toMatch(/ and has ended$/);
  });
});

describe('a grace period under weak', () => {
  it.each([
    ['P0', 'P1'],
    ['P1', 'P0'],
  ])('is seen as it began by a reader in %s that begins behind that', (reader, updater) => {
    const functions = [
      `${reader}(int *x, int *y) { int r1; int r2; rcu_read_lock(); r1 = READ_ONCE(*x); r2 = READ_ONCE(*y); rcu_read_unlock(); }`,
      `${updater}(int *x, int *y) { WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1); }`,
    ].sort();
    const asked = `exists (${reader.slice(1)}:r1=0 /\\ ${reader.slice(1)}:r2=1)`;
    const text = ['C t', '{}', ...functions, asked].join('\n');
    const { outcome, complete } = new LkmmSearch('weak').run(parseLkmm(text, 't'));
    expect({ verdict: outcome.verdict, complete }).toEqual({ verdict: 'Never', complete: true });
  });
});

describe('a search that is not complete', () => {
  it('says so when the executions run out', () => {
    const { complete, executions } = new LkmmSearch('sc').run(parse('MP.litmus'), {
      executions: 2,
    });
    expect({ complete, executions }).toEqual({ complete: false, executions: 2 });
  });

  it('says so when a loop waits for what never comes', () => {
    const text = `C t\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) ; }\nexists (true)`;
    expect(new LkmmSearch('sc').run(parseLkmm(text, 't')).complete).toBe(false);
  });
});

describe('a test that does not fit the machine', () => {
  const refusal = (body: string): string => {
    const text = `C t\n{}\nP0(int *x) {\n${body}\n}\nexists (true)`;
    try {
      new LkmmSearch('sc').run(parseLkmm(text, 't'));
    } catch (error) {
      return String(error);
    }
    return 'nothing';
  };

  it('has more than 8 variables in a function', () => {
    const body = Array.from({ length: 9 }, (_, n) => `int r${n} = ${n};`).join('\n');
    expect(refusal(body)).toContain('t:3:1: expected at most 8 variables in P0, got 9');
  });

  it('has an expression that needs more registers than there are', () => {
    const body = `int r0 = ${Array.from({ length: 7 }, () => '(1 + ').join('')}1${')'.repeat(7)};`;
    expect(refusal(body)).toContain('t:3:1: expected simpler expressions in P0');
  });
});
