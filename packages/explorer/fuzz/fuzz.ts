import fc from 'fast-check';
import { StatelessSearch } from '../src/search/stateless/stateless-search.js';
import { everyInterleaving } from '../test/search/stateless/every-interleaving.js';
import { RANDOM_SPINNERS, scenarioOfSpinners } from '../test/search/spin/random-spinners.js';
import type { RandomSpinners } from '../test/search/spin/random-spinners.js';
const [from, to, runs, most, only] = process.argv.slice(2);
const cmp = (p: RandomSpinners): string | undefined => {
  const bound = p.isPreempted ? 1 : 0;
  const all = everyInterleaving(scenarioOfSpinners(p), bound, Number(most), 'held back');
  if (all === undefined) return 'skip';
  const r = new StatelessSearch(scenarioOfSpinners(p)).run({ kernelEvents: bound, executions: 20000, decisions: 1000 });
  if (r.classes !== all.graphs.size || (r.blocked > 0) !== all.isBlocked || !['all', 'bounded'].includes(r.end))
    return `${r.classes} of ${all.graphs.size}, blocked ${r.blocked} ${all.isBlocked}, ${r.end}`;
  return undefined;
};
let n = 0, skipped = 0, bad = 0;
for (const [name, arb] of Object.entries(RANDOM_SPINNERS)) {
  if (only !== undefined && !name.includes(only)) continue;
  for (let seed = Number(from); seed < Number(to); seed++) {
    const res = fc.check(fc.property(arb, (p) => { const c = cmp(p); if (c === 'skip') { skipped++; return; } n++; if (c !== undefined) throw new Error(c); }), { seed, numRuns: Number(runs), endOnFailure: false });
    if (res.failed) { bad++; console.log(name, seed, JSON.stringify(res.counterexample), String((res as any).errorInstance?.message ?? res.error).slice(0, 600)); }
  }
}
console.log({ n, skipped, bad });
