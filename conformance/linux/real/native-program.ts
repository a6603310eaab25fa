import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConformanceCase } from '../cases/conformance-case.js';

/** Why the running machine cannot be asked, or undefined when it can. */
export function missing(): string | undefined {
  if (process.platform !== 'linux') return `it runs ${process.platform}, not Linux`;
  if (process.arch !== 'x64') return `its processor is ${process.arch}, not x86-64`;
  if (spawnSync('gcc', ['--version']).status !== 0) return 'there is no gcc';
  return undefined;
}

/** The C program that puts cases to the running kernel, built for one use. */
export class NativeProgram {
  readonly #folder: string;
  readonly #binary: string;

  /**
   * @param sources the folder of its sources
   * @throws Error when gcc fails
   */
  constructor(sources: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'rseqlab-conformance-'));
    this.#binary = join(this.#folder, 'cases');
    const files = readdirSync(sources).filter((file) => file.endsWith('.c'));
    const paths = files.map((file) => join(sources, file));
    execFileSync('gcc', ['-std=gnu11', '-O2', '-pthread', '-o', this.#binary, ...paths]);
  }

  /** What the kernel answers to each case, by name: the printed values, `0 EBUSY`. */
  async ask(cases: readonly ConformanceCase[]): Promise<ReadonlyMap<string, string>> {
    const input = cases.map(({ name, script }) => `${name}\t${script}\n`).join('');
    const output = await new Promise<string>((resolve, reject) => {
      const child = execFile(this.#binary, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`the C program failed: ${error.message}`));
      });
      child.stdin?.end(input);
    });
    return new Map(
      output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [name = '', ...values] = line.split(' ');
          return [name, values.join(' ')];
        }),
    );
  }

  /** Removes what was built. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
