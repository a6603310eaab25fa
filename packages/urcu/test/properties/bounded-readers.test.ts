import { describe, expect, it } from 'vitest';
import type { Program } from '@rseqlab/sim-machine';
import { countedReadSide } from '../../src/classic/counted-read-side.js';
import { QSBR_PROGRAM, QsbrEntry } from '../../src/classic/qsbr-read-side.js';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { readSideProgram } from '../../src/domain/read-side-program.js';
import { STALE_LOCK } from '../bugs/stale-start.js';
import { longestPath } from './longest-path.js';

const BOTH = ['lock', 'unlock'];

const READ_SIDES: readonly (readonly [string, Program, readonly string[]])[] = [
  ['per-CPU', readSideProgram(barrierPlanOf('membarrier')), BOTH],
  ['per-CPU with fences', readSideProgram(barrierPlanOf('fence')), BOTH],
  ['several processes', readSideProgram(barrierPlanOf('fence'), 'anchor'), BOTH],
  ['memb and bp', countedReadSide(128, false), BOTH],
  ['mb', countedReadSide(128, true), BOTH],
  ['qsbr', QSBR_PROGRAM, Object.values(QsbrEntry)],
];

describe('readers', () => {
  it.each(READ_SIDES)(
    'of %s end in 40 instructions, however often they are aborted',
    (_, program, entries) => {
      for (const entry of entries) expect(longestPath(program, entry)).toBeLessThanOrEqual(40);
    },
  );

  it('that retry their section may go on for ever', () => {
    expect(longestPath(STALE_LOCK, 'lock')).toBe(Infinity);
  });
});
