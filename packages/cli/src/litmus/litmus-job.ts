import { LitmusSearch, equalUnits } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';
import { digest } from '@rseqlab/sim-machine';
import type { Completeness, UnitJob } from '../units/unit-job.js';
import { VERSION } from '../version.js';
import { readExpectedTable } from './expected-table.js';
import { findLitmusFiles } from './litmus-files.js';
import { concludeLitmus } from './litmus-conclusion.js';
import { textIdentity, tryFile } from './tried-test.js';
import type { TriedFile } from './tried-test.js';

/** Litmus tests to be run. */
export interface LitmusOrder {
  readonly command: 'litmus';
  /** Files and folders as given. */
  readonly paths: readonly string[];
  /** The folder that relative paths start from. */
  readonly folder: string;
  readonly models: readonly SearchedModel[];
  /** Table of expected results. */
  readonly expect?: string;
  /** Prints JSON. */
  readonly json: boolean;
  /** Prints colours. */
  readonly isColored: boolean;
  /** Prints a table with a frame. */
  readonly isTable: boolean;
}

/** One test under one model. */
interface LitmusUnit {
  readonly file: string;
  readonly text: string;
  readonly model: SearchedModel;
}

/** What came of one test under one model. */
export interface LitmusValue {
  readonly model: SearchedModel;
  readonly tried: TriedFile;
}

/** Runs litmus tests: a unit is a file under a model. */
export function openLitmusJob(order: LitmusOrder): UnitJob {
  const { paths, folder, models, expect } = order;
  const searches = new Map<SearchedModel, LitmusSearch>();
  const searchUnder = (model: SearchedModel): LitmusSearch => {
    const search = searches.get(model) ?? new LitmusSearch(model);
    searches.set(model, search);
    return search;
  };
  const readTable = () => (expect === undefined ? undefined : readExpectedTable(expect, folder));
  return {
    plan() {
      readTable();
      const files = findLitmusFiles(paths, folder).files.map((file) => ({
        file,
        text: textIdentity(file, folder),
      }));
      const works = models.flatMap((model) =>
        files.map((file): LitmusUnit => ({ ...file, model })),
      );
      return {
        identity: {
          version: VERSION,
          strategy: 'litmus',
          subject: digest(JSON.stringify(files)),
          options: JSON.stringify({ models }),
        },
        units: equalUnits(works),
      };
    },
    perform(work) {
      const { file, text, model } = work as LitmusUnit;
      const value: LitmusValue = {
        model,
        tried: tryFile(file, folder, text, searchUnder(model)),
      };
      return { value };
    },
    conclude(values, completeness: Completeness) {
      const { complaints } = findLitmusFiles(paths, folder);
      return concludeLitmus(
        order,
        { values: values as readonly LitmusValue[], complaints, table: readTable() },
        completeness,
      );
    },
  };
}
