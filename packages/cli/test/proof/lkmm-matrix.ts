import type { SearchedModel } from '@rseqlab/explorer';
import { existsSync, readFileSync, appendFileSync } from 'node:fs';
import { readExpectedTable } from '../../src/litmus/expected-table.js';
import { judgeTest } from '../../src/litmus/judged-test.js';
import type { JudgedTest } from '../../src/litmus/judged-test.js';
import { LITMUS_RCUS } from '../../src/litmus/library-rcu.js';
import type { LitmusRcu } from '../../src/litmus/library-rcu.js';
import { findLitmusFiles } from '../../src/litmus/litmus-files.js';
import type { TriedFile } from '../../src/litmus/tried-test.js';
import { boundsUnder } from './lkmm-bounds.js';
import type { LkmmBounds } from './lkmm-bounds.js';
import type { LkmmTask } from './lkmm-worker.js';

/** A flavour, and the memory model under which it stands behind tests. */
export interface LkmmPlace {
  readonly flavour: LitmusRcu;
  readonly model: SearchedModel;
}

/** What the tests came to there. */
export interface LkmmCell extends LkmmPlace {
  readonly bounds: LkmmBounds;
  readonly tests: readonly JudgedTest[];
}

/** What is searched, and by whom. */
export interface LkmmMatrixOptions {
  /** The folder of the tests, with `expected.tsv` in it. */
  readonly folder: string;
  /** Names of the tests in it; default all. */
  readonly names?: readonly string[];
  /** Default {@link EVERY_PLACE}. */
  readonly places?: readonly LkmmPlace[];
  /** See `boundsUnder`. */
  readonly times: number;
  /** A file that what is done is kept in, and gone on from. */
  readonly resume?: string | undefined;
  /** Searches a test; several at the same time where it can. */
  search(task: LkmmTask): Promise<TriedFile>;
}

const MODELS: readonly SearchedModel[] = ['sc', 'tso', 'weak'];

/** Every flavour of the library under every model. */
export const EVERY_PLACE: readonly LkmmPlace[] = LITMUS_RCUS.filter(
  (name) => name !== 'kernel',
).flatMap((flavour) => MODELS.map((model) => ({ flavour, model })));

/**
 * Searches tests of a folder with flavours behind them under models: by default all with every one under every one.
 *
 * @param onCell told of every flavour and model when its tests are done, in order
 * @throws Error for a test that cannot be run
 */
export async function searchLkmmMatrix(
  { folder, names, places = EVERY_PLACE, times, resume, search }: LkmmMatrixOptions,
  onCell: (cell: LkmmCell) => void,
): Promise<void> {
  const paths = names?.map((name) => `${folder}/${name}.litmus`) ?? [folder];
  const { files } = findLitmusFiles(paths, '.');
  const table = readExpectedTable(`${folder}/expected.tsv`, '.');
  const done = new Done(resume);
  const searched = places.map((place) =>
    Promise.all(
      files.map(async (file): Promise<JudgedTest> => {
        const task: LkmmTask = { ...place, file, times };
        const tried = done.of(task) ?? (await search(task));
        done.add(task, tried);
        if ('complaint' in tried) throw new Error(tried.complaint);
        return judgeTest(tried.test, tried.complete, { model: undefined, table }).test;
      }),
    ),
  );
  for (const [index, place] of places.entries())
    onCell({ ...place, bounds: boundsUnder(place.model, times), tests: await searched[index]! });
}

/** What is done, with a line of a file for each test. */
class Done {
  readonly #file: string | undefined;
  readonly #results = new Map<string, TriedFile>();

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    // A last line that was not written to its end is done again.
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const [task, result] = JSON.parse(line) as [LkmmTask, TriedFile];
      this.#results.set(JSON.stringify(task), result);
    }
  }

  of(task: LkmmTask): TriedFile | undefined {
    return this.#results.get(JSON.stringify(task));
  }

  add(task: LkmmTask, result: TriedFile): void {
    const key = JSON.stringify(task);
    if (this.#results.has(key)) return;
    this.#results.set(key, result);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify([task, result])}\n`);
  }
}
