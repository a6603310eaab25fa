import type { RseqProfile } from '@rseqlab/rseq-runtime';
import type { CaseGroup } from '../cases/conformance-case.js';
import type { SimulatedAnswer } from '../simulated/simulated-kernel.js';
import type { Explanation } from './explanations.js';
import { isRelease } from './release.js';

/**
 * How the two answers to a case stand to each other.
 *
 * `unavailable`: this machine cannot be asked. `inexpressible`: the simulated one cannot.
 */
export type Agreement = 'agree' | 'explained' | 'disagree' | 'unavailable' | 'inexpressible';

/** One row of the table. */
export interface ComparedCase {
  readonly topic: string;
  readonly name: string;
  readonly script: string;
  readonly real: string;
  readonly simulated: string;
  readonly agreement: Agreement;
  /** Why, where they do not agree and it is known. */
  readonly reason?: string;
}

/** What the comparison goes by. */
export interface Comparison {
  readonly release: string;
  readonly profile: RseqProfile;
  readonly explanations: readonly Explanation[];
  /** What the running kernel answered, by the name of the case. */
  readonly real: ReadonlyMap<string, string>;
  /** Asks the simulated kernel. */
  askSimulated(script: string): SimulatedAnswer;
}

const UNAVAILABLE = /unavailable:(\S+)$/;

/** Compares every case of the groups. */
export function compare(
  groups: readonly CaseGroup[],
  comparison: Comparison,
): readonly ComparedCase[] {
  return groups.flatMap(({ topic, scripts }) =>
    Object.entries(scripts).map(([name, script]) => ({
      topic,
      name,
      script,
      ...judge(name, script, comparison),
    })),
  );
}

type Judged = Pick<ComparedCase, 'real' | 'simulated' | 'agreement' | 'reason'>;

function judge(name: string, script: string, comparison: Comparison): Judged {
  const real = comparison.real.get(name) ?? 'no answer';
  const answer = comparison.askSimulated(script);
  if ('inexpressible' in answer)
    return { real, simulated: '-', agreement: 'inexpressible', reason: answer.inexpressible };
  const simulated = answer.values;
  const unavailable = UNAVAILABLE.exec(real)?.[1];
  if (unavailable !== undefined)
    return { real: '-', simulated, agreement: 'unavailable', reason: unavailable };
  if (real === simulated) return { real, simulated, agreement: 'agree' };
  const reason = explain(name, real, simulated, comparison);
  return reason === undefined
    ? { real, simulated, agreement: 'disagree' }
    : { real, simulated, agreement: 'explained', reason };
}

function explain(
  name: string,
  real: string,
  simulated: string,
  { release, profile, explanations }: Comparison,
): string | undefined {
  return explanations.find(({ kernels: [from, before], profiles, answers }) => {
    const [expectedReal, expectedSimulated] = answers[name] ?? [];
    const isAbout = isRelease(release, from, before) && profiles.includes(profile);
    return isAbout && expectedReal === real && expectedSimulated === simulated;
  })?.reason;
}

/** Explanations about this kernel and profile of which no answer came: they are out of date. */
export function unused(
  rows: readonly ComparedCase[],
  { release, profile, explanations }: Comparison,
): readonly string[] {
  const names = rows.filter(({ agreement }) => agreement === 'agree').map(({ name }) => name);
  return explanations
    .filter(({ kernels: [from, before] }) => isRelease(release, from, before))
    .filter(({ profiles }) => profiles.includes(profile))
    .flatMap(({ answers }) => Object.keys(answers))
    .filter((name) => names.includes(name));
}
