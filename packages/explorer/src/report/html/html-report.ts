import type { ScheduleCost } from '../../shrink/schedule-cost.js';
import type { RunTrace, TraceRow } from '../../trace/run-trace.js';
import { explanation } from '../explanation.js';
import { plural } from '../plural.js';
import { rowText } from '../row-text.js';
import { escapeHtml, scriptJson } from './escape-html.js';
import { readsFrom } from './reads-from.js';
import type { ReadFrom } from './reads-from.js';
import { timelinePicture } from './timeline-picture.js';
import { TIMELINE_SCRIPT } from './timeline-script.js';
import { TIMELINE_STYLE } from './timeline-style.js';
import { timelineTable } from './timeline-table.js';

/** How a page is written. */
export interface HtmlOptions {
  /** The command that shows the run again. */
  readonly replay?: string;
  /** The text of source files, by the names that the trace has for them. */
  readonly sources?: Readonly<Record<string, string>>;
  /** What the run cost before it was shrunk. */
  readonly shrunkFrom?: ScheduleCost;
  /** Most rows, the last ones of the run; default 2,000. */
  readonly rows?: number;
}

const DEFAULT_ROWS = 2_000;

/**
 * Writes a run as one page that needs nothing else: no network, no other file.
 *
 * A picture has a lane for every CPU and every thread; a table has all that happened, row by row. By
 * keys or clicks one row after the other is looked at, with its values, where they come from, and the
 * line of the program.
 */
export function htmlReport(whole: RunTrace, options: HtmlOptions = {}): string {
  const trace = lastRows(whole, options.rows ?? DEFAULT_ROWS);
  const { finding, scenario } = trace;
  const reads = readsFrom(trace.rows);
  const heading =
    finding === undefined
      ? '<h1>Nothing was found in this run</h1>'
      : `<h1><span class="kind">${escapeHtml(finding.kind)}</span>${escapeHtml(finding.message)}</h1>`;
  const cards = explanation(trace).map(
    ({ heading: title, lines }) =>
      `<section class="card"><h2>${escapeHtml(title)}</h2><ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul></section>`,
  );
  const replay =
    options.replay === undefined
      ? ''
      : `<footer><h2>To see it again</h2><p class="replay"><code>${escapeHtml(options.replay)}</code></p></footer>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${finding?.kind ?? 'run'}: ${scenario}`)}</title>
<style>${TIMELINE_STYLE}</style>
</head>
<body>
<main>
<p class="scenario">${escapeHtml(scenario)}</p>
${heading}
<ul class="facts">${factsOf(trace, options.shrunkFrom).join('')}</ul>
<div class="cards">${cards.join('\n')}</div>
<div class="scroller">${timelinePicture(trace)}</div>
<div class="split">
<div>${timelineTable(trace, reads)}</div>
<aside class="detail"><dl id="facts"></dl><pre class="source" id="source" hidden></pre>
<p class="keys"><kbd>↑</kbd> <kbd>↓</kbd> row, <kbd>n</kbd> <kbd>p</kbd> kernel event, <kbd>t</kbd> same thread, <kbd>r</kbd> point of no return, <kbd>f</kbd> finding, <kbd>Enter</kbd> reads from</p></aside>
</div>
${replay}
</main>
<script type="application/json" id="data">${scriptJson(pageData(trace, reads, options))}</script>
<script>${TIMELINE_SCRIPT}</script>
</body>
</html>
`;
}

function lastRows(trace: RunTrace, most: number): RunTrace {
  const surplus = trace.rows.length - most;
  if (surplus <= 0) return trace;
  return {
    ...trace,
    rows: trace.rows.slice(surplus),
    omittedRows: trace.omittedRows + surplus,
  };
}

function factsOf(trace: RunTrace, before: ScheduleCost | undefined): readonly string[] {
  const switches = trace.rows
    .filter(({ kind }) => kind === 'step')
    .filter(({ thread }, at, steps) => at > 0 && steps[at - 1]!.thread !== thread).length;
  const decisions = trace.rows.filter(({ index }) => index !== undefined).length;
  const facts = [
    plural(decisions + trace.omittedRows, 'step'),
    plural(switches, 'switch'),
    plural(trace.kernelEvents, 'kernel event'),
    plural(trace.threads.length, 'thread'),
    plural(trace.cpus.length, 'CPU'),
  ].map((fact) => fact.replace(/^\S+/, '<b>$&</b>'));
  const shrunk =
    before === undefined
      ? []
      : [
          `shrunk from ${plural(before.decisions, 'decision')}, ${plural(before.switches, 'switch')}, ${plural(before.kernelEvents, 'kernel event')}`,
        ];
  return [...facts, ...shrunk].map((fact) => `<li>${fact}</li>`);
}

/** What the page's script needs to know of every row. */
function pageData(
  { rows, threads, pointOfNoReturn }: RunTrace,
  reads: readonly (readonly ReadFrom[])[],
  { sources = {} }: HtmlOptions,
): object {
  return {
    rows: rows.map((row, at) => rowData(row, reads[at]!)),
    threads: Object.fromEntries(threads.map(({ thread, name }) => [thread, `T${thread} ${name}`])),
    sources: Object.fromEntries(
      Object.entries(sources).map(([file, text]) => [file, text.replace(/\n$/, '').split('\n')]),
    ),
    noReturn: rows.findIndex(({ index }) => index === (pointOfNoReturn?.decision ?? NaN)),
  };
}

function rowData(row: TraceRow, reads: readonly ReadFrom[]): object {
  const { kind, index, decision, thread, cpu, text, place, source, accesses } = row;
  return {
    ...{ kind, index, decision, thread, cpu, text, place, reads },
    label: rowText(row),
    ...(source && { source: { file: source.file, line: source.line } }),
    accesses: accesses
      .map((access) => rowText({ ...row, kind: 'step', thread: 0, text: '', accesses: [access] }))
      .map((line) => line.replace(/^T0 /, '')),
  };
}
