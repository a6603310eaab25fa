import { oneProcess } from './one-process.js';
import { severalProcesses } from './several-processes.js';
import { TORTURE_FLAVOURS } from './torture-flavours.js';
import type { TortureProgram } from './torture-run.js';

/** What can be tortured, in the order of reports. */
export const TORTURE_NAMES = [
  'per-cpu',
  'per-cpu-fences',
  'per-cpu-atomic',
  'per-cpu-mixed',
  'memb',
  'mb',
  'bp',
  'qsbr',
  'processes',
  'processes-membarrier',
] as const;

/** One of {@link TORTURE_NAMES}. */
export type TortureName = (typeof TORTURE_NAMES)[number];

/** The program that tortures it. */
export function tortureProgram(name: TortureName): TortureProgram {
  if (name === 'processes') return severalProcesses();
  if (name === 'processes-membarrier') return severalProcesses({ barriers: 'global membarrier' });
  return oneProcess(TORTURE_FLAVOURS[name]);
}
