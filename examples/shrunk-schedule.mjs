// From a failing run, given as its token, to the schedule that is left when all is taken away that the
// failure does not need.
import { ScenarioRunner, findingReport, recordRun, scenario, shrinkRun } from '@rseqlab/explorer';
import { RandomDirector, decodeToken, digest, encodeToken } from '@rseqlab/sim-machine';

const counter = scenario({
  name: 'counter without a lock',
  machine: { cpus: 2 },
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let i = 0; i < 3; i++)
      lab.spawn(function* add(t) {
        for (let n = 0; n < 3; n++) {
          const value = yield* t.load(word);
          yield* t.store(word, value + 1);
        }
      });
    return word;
  },
  check: (word, lab) => lab.expectEqual(lab.process.read32(word), 9, 'the sum'),
});

/** The token of a random run that fails, as `rseqlab run --director random` would print it. */
function failingToken() {
  for (let seed = 1; ; seed++) {
    const director = new RandomDirector({ seed });
    const { scheduling, granularity } = director;
    const runner = new ScenarioRunner(counter, director);
    if (runner.run(director).findings.length === 0) continue;
    const { decisions, description } = runner.machine;
    const fingerprint = digest(`${counter.name}\n${description}`);
    return encodeToken({ scenario: 'counter', fingerprint, scheduling, granularity, decisions });
  }
}

const token = failingToken();
const record = decodeToken(token);
const shrunk = shrinkRun(counter, record);
if (shrunk === undefined) throw new Error('expected the run to fail, got one that does not');
const { before, cost, replays, recorded } = shrunk;
console.log(`${token}\n`);
for (const [when, { switches, kernelEvents, decisions }] of Object.entries({ before, after: cost }))
  console.log(
    `${when}: ${switches} switches, ${kernelEvents} kernel events, ${decisions} decisions`,
  );
console.log(`runs tried: ${replays}\n`);
console.log(
  findingReport(recordRun(counter, recorded, { nameFile: (file) => file.replace(/.*\//, '') })),
);
