import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contestant } from '../measure/contestant.js';
import type { Sample } from '../measure/sample.js';

/** An instance of the model of a per-CPU counter; see rseq-counter.pml. */
export interface CounterInstance {
  readonly threads: 2 | 3;
  /** Adds of each thread. */
  readonly adds: number;
  /** Most kernel events. */
  readonly kernelEvents: number;
}

/** What the model checker counted. */
export interface SpinCounts {
  /** Without the state before the first thread has its CPU. */
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
}

const run = promisify(execFile);

/** Spin's verifier of one instance, built once. */
export class SpinYardstick {
  readonly #folder: string;

  /** Whether the `spin` package and gcc are there. */
  static get isPresent(): boolean {
    return ['spin -V', 'gcc --version'].every((command) => {
      const [name = '', argument = ''] = command.split(' ');
      return spawnSync(name, [argument]).status === 0;
    });
  }

  /**
   * @param sources the folder of rseq-counter.pml
   * @throws Error when spin or gcc is not there, or fails
   */
  constructor(sources: string, { threads, adds, kernelEvents }: CounterInstance) {
    this.#folder = mkdtempSync(join(tmpdir(), 'rseqlab-spin-'));
    const cwd = this.#folder;
    const sizes = [`-DTHREADS=${threads}`, `-DADDS=${adds}`, `-DEVENTS=${kernelEvents}`];
    execFileSync('spin', [...sizes, '-a', join(sources, 'rseq-counter.pml')], { cwd });
    const options = ['-O2', '-w', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-o', 'pan', 'pan.c'];
    execFileSync('gcc', options, { cwd });
  }

  /** The verifier as a contestant; work is counted in states. */
  contestant(name: string): Contestant {
    return { name, round: async () => (await this.measure()).sample, close: () => undefined };
  }

  /** Verifies once; the times are those of the verifier. */
  async measure(): Promise<{ readonly counts: SpinCounts; readonly sample: Sample }> {
    const startMs = performance.now();
    const { stdout } = await run('sh', ['-c', './pan -E -m1000000 -w22; times'], {
      cwd: this.#folder,
    });
    const realSeconds = (performance.now() - startMs) / 1000;
    const counts = {
      states: number(/(\d+) states, stored/, stdout) - 1,
      transitions: number(/(\d+) transitions/, stdout),
      errors: number(/errors: (\d+)/, stdout),
    };
    const times = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stdout)?.slice(1).map(Number);
    if (times === undefined) throw new Error(`expected the times of pan, got ${stdout}`);
    const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = times;
    const seconds = 60 * (userMinutes + systemMinutes) + user + system;
    return { counts, sample: { work: counts.states, seconds, realSeconds } };
  }

  /** Removes what was built. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function number(pattern: RegExp, text: string): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`expected ${String(pattern)} of pan, got ${text}`);
  return Number(found);
}
