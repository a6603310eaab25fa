import { grouped, plural } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { jsonText } from '../jobs/json-text.js';
import { terminalPaint } from '../terminal-paint.js';
import type { TortureFlavourName } from './torture-flavours.js';
import { OLDEST_RIGHT } from './torture-run.js';
import type { TortureReport } from './torture.js';

/** What a report is about, and how it is written. */
export interface ToldTorture {
  readonly flavour: TortureFlavourName;
  readonly memory: MemoryModelName;
  readonly seed: number;
  readonly json: boolean;
  readonly isColored: boolean;
}

/** The command that makes an execution again. */
function again({ flavour, memory }: ToldTorture, seed: number): string {
  return `rseqlab torture --flavour ${flavour} --memory ${memory} --seed ${seed} --executions 1`;
}

/** The report of a flavour, as text or as JSON. */
export function tortureText(told: ToldTorture, report: TortureReport): string {
  const { flavour, memory, seed } = told;
  const { executions, gracePeriods, ages, failure } = report;
  const sections = ages.reduce((sum, count) => sum + count, 0);
  const replay = failure && again(told, failure.seed);
  if (told.json) {
    const outcome = failure === undefined ? 'nothing found' : 'fails';
    const counts = { executions, sections, gracePeriods, ages };
    return jsonText({ outcome, flavour, memory, seed, ...counts, failure, again: replay });
  }
  const paint = terminalPaint(told.isColored);
  const verdict =
    failure === undefined ? paint.good('nothing was found') : paint.bad('something was found');
  const seen = ages.flatMap((count, age) =>
    count > 0 || age <= OLDEST_RIGHT + 1 ? [[age, count]] : [],
  );
  return [
    `torture of ${flavour}: ${verdict} in ${plural(executions, 'execution')} (${memory}, seed ${seed})`,
    `  read sections   ${grouped(sections)}`,
    `  grace periods   ${grouped(gracePeriods)}`,
    ...seen.map(([age, count]) => `  age ${String(age).padEnd(11)} ${grouped(count!)}`),
    ...(failure === undefined
      ? []
      : [`${failure.kind}: ${failure.message}`, `To see it again: ${again(told, failure.seed)}`]),
    '',
  ].join('\n');
}
