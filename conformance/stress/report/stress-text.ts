import type { CheckResult } from '@rseqlab/explorer';
import { INJECTIONS } from '../inject/injection.js';
import type { StressResult } from '../run/stress-run.js';

/** What rounds of one structure came to: a line, and one for each kind of injection. */
export function stressText(results: readonly StressResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const faults = results.filter(({ fault }) => fault !== undefined);
  const sum = (count: (result: StressResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const lines = [
    `${first.structure}: ${faults.length === 0 ? 'nothing wrong' : `wrong in ${faults.length}`} of ` +
      `${results.length} rounds, ${sum(({ aborts }) => aborts)} aborts, ` +
      `${sum(({ handled }) => handled)} signals handled, ` +
      `${sum(({ killed }) => Number(killed))} processes killed, ` +
      `${sum(({ decisions }) => decisions)} decisions`,
  ];
  for (const kind of INJECTIONS) {
    const points: number[] = [];
    for (const { injected } of results)
      for (const [point, count] of (injected.get(kind) ?? []).entries())
        points[point] = (points[point] ?? 0) + count;
    if (points.length > 0)
      lines.push(`  ${kind.padEnd(8)} at points 1, 2, ...: ${points.slice(1).join(' ')}`);
  }
  const [fault] = faults;
  if (fault?.fault !== undefined) lines.push(`  seed ${fault.seed}: ${fault.fault}`);
  return lines.join('\n');
}

/** What the search of one structure came to. */
export function exhaustiveText(name: string, result: CheckResult): string {
  const { outcome, executions, states, finding, reason } = result;
  const why = finding?.message ?? reason;
  return `${name}: ${outcome} (${executions} executions, ${states} states)${why === undefined ? '' : `: ${why}`}`;
}
