import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { matchesTranscript, readTranscript } from '../src/transcript.js';

const root = join(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const command = 'packages/cli/bin/rseqlab.js';

const quotedFile = /<!-- file: (\S+) -->\s+```\w+\n([\s\S]*?)```/g;
const quoted = [...readme.matchAll(quotedFile)].map(([, path = '', text = '']) => ({ path, text }));

const consoleBlock = /```console\n([\s\S]*?)```/g;
const transcript = [...readme.matchAll(consoleBlock)].flatMap(([, text = '']) =>
  readTranscript(text),
);

/** Runs a command line of the README with the Node that runs the tests. */
function run(line: string): string {
  const [program = '', ...words] = line.split(' ');
  const parameters = program === 'npx' ? [command, ...words.slice(1)] : words;
  expect(program === 'npx' ? words[0] : program).toMatch(/^(?:rseqlab|node)$/);
  const { stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return stdout + stderr;
}

/** The TypeScript of the packages' READMEs, all of it JavaScript as well. */
const snippets = readdirSync(join(root, 'packages')).flatMap((name) => {
  const file = join(root, 'packages', name, 'README.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => ({ name, code }));
});

/** Makes assertions of the values that are stated behind expressions: `counter.sum(); // 8`. */
function checked(code: string): string {
  const asserted = code.replace(/^(\S.*); \/\/ (\d+|'.*')$/gm, 'assert.equal($1, $2);');
  return `import assert from 'node:assert/strict';\n${asserted}`;
}

beforeAll(() => {
  if (!existsSync(join(root, 'packages/cli/dist'))) throw new Error('not built: npm run build');
});

describe('README.md', () => {
  it('quotes files and shows commands', () => {
    expect(quoted.map(({ path }) => path)).toContain('examples/per-cpu-counter.ts');
    expect(transcript.map(({ line }) => line)).toContain(
      'npx rseqlab check examples/per-cpu-counter.ts',
    );
  });

  for (const { path, text } of quoted)
    it(`quotes ${path} as it is`, () => {
      expect(text).toBe(readFileSync(join(root, path), 'utf8'));
    });

  for (const { line, output } of transcript)
    it(`shows what "${line}" prints`, () => {
      const printed = run(line);
      expect(matchesTranscript(printed, output), `it prints:\n${printed}`).toBe(true);
    });

  it('names only commands that rseqlab has', () => {
    const help = run('npx rseqlab --help');
    const named = new Set([...readme.matchAll(/npx rseqlab ([a-z]+)/g)].map(([, name]) => name));
    expect(named.size).toBeGreaterThan(0);
    for (const name of named) expect(help).toMatch(new RegExp(`^ {2}${name ?? ''} `, 'm'));
  });
});

describe('the README of a package', () => {
  it('exists for every package that has an example', () => {
    expect(new Set(snippets.map(({ name }) => name))).toEqual(
      new Set(['explorer', 'percpu', 'rseq-runtime', 'sim-machine', 'tracer', 'urcu']),
    );
  });

  for (const { name, code } of snippets)
    it(`has an example that does what it says: ${name}`, () => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', checked(code)],
        { cwd: root, encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
});
