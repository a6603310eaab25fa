import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const pnpm = join(root, 'node_modules/.bin/pnpm');

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Record<string, unknown>;
  readonly dependencies?: Record<string, string>;
}

interface PublicPackage extends Manifest {
  readonly folder: string;
  readonly isLibrary: boolean;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const packages: readonly PublicPackage[] = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .map((folder) => ({ folder, manifest: readManifest(folder) }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ folder, manifest }) => ({
    ...manifest,
    folder,
    isLibrary: manifest.exports?.['.'] !== undefined,
  }));
const libraries = packages.filter(({ isLibrary }) => isLibrary);

let consumer = '';

const node = (script: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: consumer,
    encoding: 'utf8',
  }).trim();

/** Third-party dependencies come from this installation, so that no network is needed. */
function installedDependencies(): Record<string, string> {
  return Object.fromEntries(
    packages.flatMap(({ folder, dependencies = {} }) =>
      Object.keys(dependencies)
        .filter((name) => !name.startsWith('@rseqlab/'))
        .map((name) => [name, `file:${join(folder, 'node_modules', name)}`]),
    ),
  );
}

beforeAll(() => {
  for (const { folder, name } of packages)
    if (!existsSync(join(folder, 'dist'))) throw new Error(`${name} is not built: npm run build`);
  consumer = mkdtempSync(join(tmpdir(), 'consumer-'));
  const tarballs = packages.map(({ folder, name }) => {
    const out = join(consumer, `${name.replace(/\W+/g, '-')}.tgz`);
    execFileSync(pnpm, ['pack', '--out', out], { cwd: folder, stdio: 'pipe' });
    return [name, `file:${out}`] as const;
  });
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...Object.fromEntries(tarballs), ...installedDependencies() },
  };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', types: [] };
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['consumer.ts'] }),
  );
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: consumer,
    stdio: 'pipe',
  });
});

afterAll(() => {
  if (consumer !== '') rmSync(consumer, { recursive: true, force: true });
});

describe.each(libraries)('$name, packed and installed elsewhere', ({ name }) => {
  it('exports by its one door what its source exports', async () => {
    const source = Object.keys((await import(name)) as object).sort();
    const packed = node(`console.log(JSON.stringify(Object.keys(await import('${name}')).sort()))`);
    expect(JSON.parse(packed)).toEqual(source);
  });

  it('has no second door', () => {
    const code = node(
      `await import('${name}/dist/index.js').catch((error) => console.log(error.code))`,
    );
    expect(code).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('contains neither sources nor tests', () => {
    const files = readdirSync(join(consumer, 'node_modules', name)).sort();
    expect(files.filter((file) => file !== 'README.md')).toEqual([
      'LICENSE',
      'dist',
      'package.json',
    ]);
  });

  it('shows its types to a consumer', () => {
    writeFileSync(
      join(consumer, 'consumer.ts'),
      `import * as door from '${name}';\nexport const shown = door;\n`,
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '--project', consumer], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});

describe('the packed packages together', () => {
  it('share one copy of the machine, and its errors keep their class', () => {
    const output = node(`
      import { MachineError } from '@rseqlab/sim-machine';
      const error = new MachineError('ERR_STATE', 'expected a machine, got none');
      console.log(error instanceof Error, error.code, error.message);
    `);
    expect(output).toBe('true ERR_STATE expected a machine, got none');
    const copies = readdirSync(join(consumer, 'node_modules/@rseqlab')).sort();
    expect(copies).toEqual(packages.map(({ name }) => name.replace('@rseqlab/', '')).sort());
    for (const copy of copies)
      expect(existsSync(join(consumer, 'node_modules/@rseqlab', copy, 'node_modules'))).toBe(false);
  });

  it('bring the rseqlab command, which prints its help', () => {
    const command = join(consumer, 'node_modules/.bin/rseqlab');
    const { status, stdout } = spawnSync(command, ['--help'], { cwd: consumer, encoding: 'utf8' });
    expect(stdout).toContain('rseqlab');
    expect(status).toBe(0);
  });
});
