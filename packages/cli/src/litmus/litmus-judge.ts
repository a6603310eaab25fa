import {
  LitmusError,
  LitmusSearch,
  LkmmSearch,
  compareLkmm,
  compareOutcome,
  parseAnyLitmus,
} from '@rseqlab/explorer';
import type { LitmusTest, LkmmTest, SearchedModel } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExpectedTable } from './expected-table.js';
import type { Judgement } from './judged-test.js';

/** Runs tests of any dialect under one memory model and compares what comes out with a table. */
export class LitmusJudge {
  readonly #model: SearchedModel;
  readonly #table: ExpectedTable | undefined;
  readonly #machineCode: LitmusSearch;
  readonly #c: LkmmSearch;

  constructor(model: SearchedModel, table: ExpectedTable | undefined) {
    this.#model = model;
    this.#table = table;
    this.#machineCode = new LitmusSearch(model);
    this.#c = new LkmmSearch(model);
  }

  /** Runs the test in a file. */
  judge(file: string, folder: string): Judgement {
    try {
      const parsed = parseAnyLitmus(readFileSync(resolve(folder, file), 'utf8'), file);
      return parsed.dialect === 'C' ? this.#judgeC(parsed.test) : this.#judgeX86(parsed.test);
    } catch (error) {
      if (error instanceof LitmusError) return { complaint: error.message };
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      return { complaint: `${file}: expected a readable file, got ${code}` };
    }
  }

  #judgeX86(test: LitmusTest): Judgement {
    const { file, name } = test;
    const { outcome, complete } = this.#machineCode.run(test);
    const judged = { file, name, ...outcome };
    const expected = this.#table?.rowOf(file)?.outcomes[this.#model];
    if (expected === undefined) return { test: judged, complete };
    const difference = compareOutcome(outcome, expected);
    return { test: { ...judged, expected, agrees: difference.agrees }, difference, complete };
  }

  #judgeC(test: LkmmTest): Judgement {
    const { file, name } = test;
    const { outcome, complete } = this.#c.run(test);
    const { verdict, observation, states, deadlock, misuses } = outcome;
    const judged = {
      ...{ file, name, dialect: 'C' as const, verdict, states, observation },
      ...(deadlock === undefined ? {} : { deadlock }),
      ...(misuses.length === 0 ? {} : { misuses }),
    };
    const row = this.#table?.rowOf(file);
    const own = row?.outcomes[this.#model];
    const lkmm = row?.lkmm;
    const expected = own ?? (lkmm === undefined ? undefined : { verdict: lkmm });
    if (expected === undefined) return { test: judged, complete };
    const difference = compareLkmm(outcome, {
      ...(own === undefined ? {} : { outcome: own }),
      ...(lkmm === undefined ? {} : { lkmm }),
    });
    return { test: { ...judged, expected, agrees: difference.agrees }, difference, complete };
  }
}
