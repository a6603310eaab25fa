import { ExplorerError, decodePlan, decodeResults, encodePlan } from '@rseqlab/explorer';
import type { OrderedPlan, SavedResults } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import { writeWhole } from '../whole-file.js';

/** Writes a plan. */
export function writePlan(file: string, folder: string, plan: OrderedPlan): void {
  writeWhole(file, folder, encodePlan(plan));
}

/** Reads a plan. @throws CommandError when there is none, or it is damaged */
export function readPlan(file: string, folder: string): OrderedPlan {
  return naming(file, () => decodePlan(readText(file, folder, 'plan file')));
}

/** Reads results. @throws CommandError when there are none, or they are damaged */
export function readResults(file: string, folder: string, what: string): SavedResults {
  return naming(file, () => decodeResults(readText(file, folder, what), what));
}

/** Does something with a file; what is wrong with its plan or results is told with its name. */
export function naming<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExplorerError)) throw error;
    throw new CommandError(`${file}: ${error.message}`, undefined, { cause: error });
  }
}

function readText(file: string, folder: string, what: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(`${file}: expected a ${what}, got ${code}`, undefined, { cause: error });
  }
}
