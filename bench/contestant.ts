// Plays one contestant of a benchmark: a round a message. Started by ForkedContestant.
import { BENCHMARKS } from './benchmarks/benchmarks.js';
import { tuneEngine } from './measure/engine-flags.js';

const [name = ''] = process.argv.slice(2);
const separator = name.indexOf('/');
const benchmark = BENCHMARKS.find((candidate) => candidate.name === name.slice(0, separator));
const make = benchmark?.contestants[name.slice(separator + 1)];
if (make === undefined || process.send === undefined)
  throw new Error(`expected to be forked for a contestant, got "${name}"`);

tuneEngine(benchmark?.work ?? 'search');
const round = make();
process.on('message', () => {
  process.send?.(round());
});
process.on('disconnect', () => {
  process.exit();
});
