import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assemble } from '@rseqlab/sim-machine';
import type { Contestant } from '../measure/contestant.js';
import type { Sample } from '../measure/sample.js';

/** The yardstick's schedules; see isa.c. */
export type YardstickMode = '1' | '64' | 'tiny';

/** Of what `isa bench` prints. */
interface Printed {
  readonly lastRound: { readonly steps: number; readonly seconds: number };
}

const TEXT_ADDRESS = 0x1000;

/** Increments of an execution; `tiny` counts executions. */
const WORK: Readonly<Record<YardstickMode, number>> = { '1': 160_000, '64': 160_000, tiny: 1 };

/** Executions a round: each about a fifth of a second. */
const EXECUTIONS: Readonly<Record<YardstickMode, number>> = { '1': 16, '64': 48, tiny: 250_000 };

const run = promisify(execFile);

/** The C interpreter, built for one run of the benchmarks. */
export class CYardstick {
  readonly #folder: string;
  readonly #binary: string;
  readonly #program: string;

  /**
   * @param sources the folder of isa.c and increment.s
   * @throws Error when there is no gcc, or it fails
   */
  constructor(sources: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'rseqlab-bench-'));
    this.#binary = join(this.#folder, 'isa');
    this.#program = join(this.#folder, 'increment');
    execFileSync('gcc', ['-std=c99', '-O2', '-o', this.#binary, join(sources, 'isa.c')]);
    const source = readFileSync(join(sources, 'increment.s'), 'utf8');
    const words = assemble(source, 'increment.s').relocated(TEXT_ADDRESS);
    writeFileSync(this.#program, [...words].map((word) => (word >>> 0).toString(16)).join('\n'));
  }

  /** Executions of one schedule; `work` counts increments, or for `tiny` executions. */
  contestant(mode: YardstickMode): Contestant {
    return {
      name: 'C',
      round: async () => this.measure(mode, EXECUTIONS[mode]),
      close: () => undefined,
    };
  }

  /** One round of so many executions; the program itself checks that every increment counted. */
  async measure(mode: YardstickMode, executions: number): Promise<Sample> {
    const { stdout } = await run(this.#binary, ['bench', mode, this.#program, String(executions)]);
    const { lastRound } = JSON.parse(stdout) as Printed;
    return { work: executions * WORK[mode], ...lastRound };
  }

  /** Removes what was built. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
