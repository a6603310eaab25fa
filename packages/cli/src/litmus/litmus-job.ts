import { equalUnits } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';
import { digest } from '@rseqlab/sim-machine';
import type { Completeness, UnitJob } from '../units/unit-job.js';
import { VERSION } from '../version.js';
import { DialectSearches } from './dialect-searches.js';
import { readExpectedTable } from './expected-table.js';
import { findLitmusFiles } from './litmus-files.js';
import { concludeLitmus } from './litmus-conclusion.js';
import type { LitmusOrder, LitmusValue } from './litmus-order.js';
import { textIdentity, tryFile } from './tried-test.js';

/** One test under one model. */
interface LitmusUnit {
  readonly file: string;
  readonly text: string;
  readonly model: SearchedModel;
}

/** Runs litmus tests: a unit is a file under a model. */
export function openLitmusJob(order: LitmusOrder): UnitJob {
  const { paths, folder, models, rcu, executions, samples, expect } = order;
  const searches = new Map<SearchedModel, DialectSearches>();
  const searchesUnder = (model: SearchedModel): DialectSearches => {
    const found = searches.get(model) ?? new DialectSearches(model, rcu, executions, samples);
    searches.set(model, found);
    return found;
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
          options: JSON.stringify({ models, rcu, executions, samples }),
        },
        units: equalUnits(works),
      };
    },
    perform(work) {
      const { file, text, model } = work as LitmusUnit;
      const value: LitmusValue = {
        model,
        tried: tryFile(file, folder, text, searchesUnder(model)),
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
