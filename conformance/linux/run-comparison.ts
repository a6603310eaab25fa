import { CASE_GROUPS } from './cases/all-cases.js';
import { compare, unused } from './compare/compare.js';
import { EXPLANATIONS } from './compare/explanations.js';
import { kernelNote } from './real/kernel-note.js';
import { NativeProgram } from './real/native-program.js';
import { countRows } from './report/conformance-report.js';
import type { ConformanceReport } from './report/conformance-report.js';
import { chooseProfile, profileNamed } from './simulated/profile-choice.js';
import { askSimulated } from './simulated/simulated-kernel.js';

/**
 * Puts every case to the running kernel and to the simulated one.
 *
 * @param sources the folder of the C program
 * @param profileName the profile to compare with; default the one for the running kernel
 * @param options `aborts` false: with a simulated kernel that never aborts, to see that it shows
 * @throws RangeError for a profile that does not exist; Error when gcc fails
 */
export async function runComparison(
  sources: string,
  profileName?: string,
  { aborts = true }: { readonly aborts?: boolean } = {},
): Promise<ConformanceReport> {
  const kernel = kernelNote();
  const { profile, reason } =
    profileName === undefined
      ? chooseProfile(kernel.release)
      : { profile: profileNamed(profileName), reason: 'as asked for' };
  const cases = CASE_GROUPS.flatMap(({ scripts }) =>
    Object.entries(scripts).map(([name, script]) => ({ name, script })),
  );
  const native = new NativeProgram(sources);
  let real: ReadonlyMap<string, string>;
  try {
    real = await native.ask(cases);
  } finally {
    native.close();
  }
  const comparison = {
    release: kernel.release,
    profile,
    explanations: EXPLANATIONS,
    real,
    askSimulated: (script: string) => askSimulated({ script }, profile, aborts),
  };
  const rows = compare(CASE_GROUPS, comparison);
  const outdated = unused(rows, comparison);
  return { kernel, profile, profileReason: reason, rows, counts: countRows(rows), outdated };
}
