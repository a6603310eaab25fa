import { Machine, RandomDirector, ScriptedDirector, TimedDirector } from '@rseqlab/sim-machine';
import type { Director } from '@rseqlab/sim-machine';
import { ExhaustiveDirector } from '../../src/search/exhaustive-director.js';
import { PriorityPolicy } from '../../src/search/sampling/priority-policy.js';
import { ProfileDirector } from '../../src/search/sampling/run-profile.js';
import { SamplingDirector } from '../../src/search/sampling/sampling-director.js';
import type { SamplingPolicy } from '../../src/search/sampling/sampling-policy.js';
import { UniformPolicy } from '../../src/search/sampling/uniform-policy.js';
import { WalkPolicy } from '../../src/search/sampling/walk-policy.js';
import { checkDirectorLaws } from './director-laws.js';
import { LIMIT, prepare } from './law-recording.js';
import type { LawWorkload } from './law-workloads.js';

const scratchMachines = new Map<LawWorkload, Machine>();

/** A machine for runs that prepare a director; both kinds of directors here stop at accesses. */
function scratchMachine(workload: LawWorkload, director: Director): Machine {
  const machine = scratchMachines.get(workload) ?? new Machine(workload.config, director);
  scratchMachines.set(workload, machine);
  machine.reset(director);
  return machine;
}

checkDirectorLaws({
  name: 'random',
  create: (_workload, variant) => new RandomDirector({ seed: variant }),
});

checkDirectorLaws({
  name: 'random, at every instruction',
  create: (_workload, variant) => new RandomDirector({ seed: variant, granularity: 'instruction' }),
});

const POLICIES: readonly (readonly [string, () => SamplingPolicy])[] = [
  ['sampling by random', () => new UniformPolicy()],
  ['sampling by pct', () => new PriorityPolicy(3)],
  ['sampling by walk', () => new WalkPolicy()],
];

for (const [name, policy] of POLICIES)
  checkDirectorLaws({
    name,
    create(workload, variant) {
      const profile = new ProfileDirector();
      const machine = scratchMachine(workload, profile);
      prepare(machine, workload);
      machine.run({ decisions: LIMIT });
      const director = new SamplingDirector(policy());
      director.begin({ kernelEvents: 4, preemptions: 9, delays: 40 }, profile);
      director.seed(variant);
      return director;
    },
  });

checkDirectorLaws({
  name: 'timed',
  create: (_workload, variant) =>
    new TimedDirector({ seed: variant, quantumCycles: 7, tickCycles: 40, storeDelayCycles: 5 }),
});

checkDirectorLaws({
  name: 'scripted, from the record of a random run',
  create(workload, variant) {
    const random = new RandomDirector({ seed: 100 + variant });
    const machine = scratchMachine(workload, random);
    prepare(machine, workload);
    machine.run({ decisions: LIMIT });
    return new ScriptedDirector(machine.decisions, random);
  },
});

checkDirectorLaws({
  name: 'exhaustive, on a path of the search',
  create(workload, variant, machine) {
    let directed = machine;
    const fingerprint = {
      low: 0,
      high: 0,
      compute(): void {
        directed().fingerprint(fingerprint);
      },
    };
    const director = new ExhaustiveDirector(fingerprint);
    director.begin();
    const scratch = scratchMachine(workload, director);
    directed = () => scratch;
    for (let path = 0; path < 3 * variant; path++) {
      scratch.reset(director);
      prepare(scratch, workload);
      scratch.run({ decisions: LIMIT });
      director.advance();
    }
    directed = machine;
    return director;
  },
});
