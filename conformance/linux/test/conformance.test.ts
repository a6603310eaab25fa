import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMPARED_RELEASES } from '../compare/compared-releases.js';
import { majorMinor } from '../compare/release.js';
import { kernelNote } from '../real/kernel-note.js';
import { missing } from '../real/native-program.js';
import { runComparison } from '../run-comparison.js';

const SOURCES = fileURLToPath(new URL('../native/', import.meta.url));
const LIMIT_MS = 240_000;

/**
 * Cases that wait for something on a real kernel can be overtaken on a busy host: then all are put
 * again. A difference of behaviour does not go away by that.
 */
const REAL_KERNEL = { timeout: LIMIT_MS, retry: 2 };

const skipped = missing() ?? uncompared();

/** Why a disagreement on this kernel would be no fault of the simulation. */
function uncompared(): string | undefined {
  const { kind } = kernelNote();
  if (kind !== 'linux') return `its kernel is ${kind}, not Linux`;
  return COMPARED_RELEASES.includes(majorMinor(release()).join('.'))
    ? undefined
    : `Linux ${release()} was not compared yet: npm run conformance`;
}

describe.skipIf(skipped !== undefined)(
  `the running kernel ${skipped === undefined ? '' : `(skipped: ${skipped})`}`,
  () => {
    it(
      'answers as the simulated one, but for disagreements that are explained',
      REAL_KERNEL,
      async () => {
        const { rows, outdated } = await runComparison(SOURCES);
        const unexplained = rows.filter(({ agreement }) => agreement === 'disagree');
        expect(unexplained).toEqual([]);
        expect(outdated, 'explanations that are out of date').toEqual([]);
        expect(rows.filter(({ agreement }) => agreement === 'agree').length).toBeGreaterThan(100);
      },
    );

    it(
      'is not Linux 6.18 without aborts, which the comparison finds out',
      REAL_KERNEL,
      async () => {
        const { rows } = await runComparison(SOURCES, undefined, { aborts: false });
        const found = rows.filter(({ agreement }) => agreement === 'disagree');
        expect(found.map(({ name }) => name)).toEqual(
          expect.arrayContaining([
            'section-sleep',
            'section-preempted',
            'section-migrated',
            'section-membarrier',
            'section-signal',
          ]),
        );
      },
    );
  },
);
