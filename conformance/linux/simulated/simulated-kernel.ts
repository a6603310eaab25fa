import { Machine } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import type { RseqProfile } from '@rseqlab/rseq-runtime';
import { operationsOf } from '../cases/conformance-case.js';
import type { ConformanceCase } from '../cases/conformance-case.js';
import { INEXPRESSIBLE } from './operations.js';
import { runProgram, signalText } from './run-script.js';
import { sectionProgram } from './section-program.js';
import { SwappingDirector } from './swapping-director.js';

const MOST_DECISIONS = 1_000_000;
const KILLED_MASK = 0x7f;

/** What the simulated kernel answers, or why it cannot be asked. */
export type SimulatedAnswer = { readonly values: string } | { readonly inexpressible: string };

/** Puts a case to a simulated kernel of a profile. */
export function askSimulated(
  { script }: Pick<ConformanceCase, 'script'>,
  profile: RseqProfile,
  aborts = true,
): SimulatedAnswer {
  const operations = operationsOf(script);
  for (const [name = ''] of operations) {
    const reason = INEXPRESSIBLE[name];
    if (reason !== undefined) return { inexpressible: reason };
  }
  const director = new SwappingDirector();
  const machine = new Machine(
    {
      cpus: 2,
      maxThreads: 8,
      memoryBytes: 2 ** 23,
      kernel: [rseq({ profile, autoRegister: false, aborts })],
    },
    director,
  );
  const section = machine.install(sectionProgram());
  if (script.includes('sleeping-fault'))
    director.takePageAt(section.addressOf('inner.touch'), machine);
  const values: string[] = [];
  const process = machine.createProcess('case');
  process.spawn((t) => runProgram(t, section, profile, values, operations), { cpu: 0 });
  const { outcome } = machine.run({ decisions: MOST_DECISIONS });
  const signal = process.exitStatus & KILLED_MASK;
  if (outcome !== 'finished') values.push('timeout');
  else if (signal !== 0) values.push(signalText(signal));
  return { values: values.join(' ') };
}
