import type { SearchedModel } from '@rseqlab/explorer';
import { ExitStatus } from '../exit-status.js';
import { jsonText } from '../jobs/json-text.js';
import { terminalPaint } from '../terminal-paint.js';
import type { Completeness, Conclusion } from '../units/unit-job.js';
import type { ExpectedTable } from './expected-table.js';
import { isFinding, judgeTest } from './judged-test.js';
import type { LitmusRow } from './judged-test.js';
import type { LitmusOrder, LitmusValue } from './litmus-order.js';
import { litmusText } from './litmus-text.js';

/** What there is to conclude from. */
export interface LitmusFindings {
  readonly values: readonly LitmusValue[];
  /** About paths that lead to no tests. */
  readonly complaints: readonly string[];
  readonly table: ExpectedTable | undefined;
}

interface ModelRows {
  readonly model: SearchedModel;
  readonly rows: readonly LitmusRow[];
}

/** Judges tests that were run, and says how it all ends. */
export function concludeLitmus(
  order: LitmusOrder,
  { values, complaints, table }: LitmusFindings,
  { done, known, isComplete }: Completeness,
): Conclusion {
  const judged = order.models.map((model): ModelRows => {
    const rows = values.flatMap((value) =>
      value.model === model && 'test' in value.tried
        ? [
            judgeTest(value.tried.test, value.tried.complete, {
              model: order.rcu === undefined ? model : undefined,
              table,
            }),
          ]
        : [],
    );
    return { model, rows };
  });
  const refused = new Set([
    ...complaints,
    ...values.flatMap(({ tried }) => ('complaint' in tried ? [tried.complaint] : [])),
  ]);
  const endless = new Set(
    values.flatMap(({ tried }) =>
      'test' in tried && !tried.complete
        ? [`${tried.test.file}: expected a test with an end, got one that reached a bound`]
        : [],
    ),
  );
  const finds = judged.some(({ rows }) => rows.some(({ test }) => isFinding(test)));
  const isBounded = endless.size > 0 || !isComplete;
  return {
    output: order.json
      ? litmusJson(judged, isComplete ? undefined : known - done)
      : litmusLines(judged, order),
    complaints: [...refused, ...endless].map((line) => `${line}\n`).join(''),
    status:
      refused.size > 0
        ? ExitStatus.BadUse
        : finds
          ? ExitStatus.Finding
          : isBounded
            ? ExitStatus.Bound
            : ExitStatus.Holds,
  };
}

/** Of one model `{ model, tests }`; of several a list of those; and how many are missing, if any. */
function litmusJson(judged: readonly ModelRows[], missing: number | undefined): string {
  const models = judged.map(({ model, rows }) => ({ model, tests: rows.map(({ test }) => test) }));
  return jsonText({ ...(models.length === 1 ? models[0] : { models }), missing });
}

/** Nothing for a model under which no test was run: what became of the files is said as complaints. */
function litmusLines(judged: readonly ModelRows[], { isColored, isTable }: LitmusOrder): string {
  const style = { paint: terminalPaint(isColored), isTable };
  const ran = judged.filter(({ rows }) => rows.length > 0);
  return ran.map(({ model, rows }) => litmusText(rows, model, style)).join('');
}
