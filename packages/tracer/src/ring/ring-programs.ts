import type { Program } from '@rseqlab/sim-machine';
import { commitProgram } from './commit-program.js';
import { reserveProgram } from './reserve-program.js';
import type { RingLayout } from './ring-layout.js';
import type { RingVariant } from './ring-variant.js';

// Programs are made once for every geometry and variant, so that they are compiled once.
const reservePrograms = new Map<string, Program>();
const commitPrograms = new Map<string, Program>();

/** What moves the offset of rings of a geometry; the same program each time. */
export function reserveProgramOf(layout: RingLayout, variant: RingVariant): Program {
  const key = JSON.stringify([layout.geometry, variant]);
  let program = reservePrograms.get(key);
  if (program === undefined) reservePrograms.set(key, (program = reserveProgram(layout, variant)));
  return program;
}

/** What commits records; the same program each time. */
export function commitProgramOf(variant: RingVariant): Program {
  const key = JSON.stringify(variant);
  let program = commitPrograms.get(key);
  if (program === undefined) commitPrograms.set(key, (program = commitProgram(variant)));
  return program;
}
