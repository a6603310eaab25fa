import { MachineError } from '../base/machine-error.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { SpawnOptions } from './spawn-options.js';
import {
  MAX_NICE,
  MAX_REAL_TIME_PRIORITY,
  MIN_NICE,
  MIN_REAL_TIME_PRIORITY,
} from './sched/scheduling-policy.js';

/**
 * Refuses options with which no thread can start.
 *
 * @throws MachineError `ERR_CONFIG` with what was expected and what came
 */
export function checkSpawnOptions(
  { cpu, affinity, nice, realTime }: SpawnOptions,
  cpus: CpuTable,
): void {
  if (affinity !== undefined) checkAffinity(affinity, cpus);
  if (cpu !== undefined && !(cpus.online[cpu] === 1 && (affinity?.includes(cpu) ?? true)))
    throw refused('an online CPU of the affinity mask', onlineOf(cpus, affinity), cpu);
  if (nice !== undefined && !isIntegerFrom(nice, MIN_NICE, MAX_NICE))
    throw refused('a nice value', [MIN_NICE, '...', MAX_NICE], nice);
  if (realTime === undefined) return;
  const { policy, priority } = realTime as { policy: string; priority: number };
  if (policy !== 'fifo' && policy !== 'rr')
    throw refused('a real-time policy', ['fifo', 'rr'], policy);
  if (!isIntegerFrom(priority, MIN_REAL_TIME_PRIORITY, MAX_REAL_TIME_PRIORITY))
    throw refused(
      'a real-time priority',
      [MIN_REAL_TIME_PRIORITY, '...', MAX_REAL_TIME_PRIORITY],
      priority,
    );
}

function checkAffinity(affinity: readonly number[], cpus: CpuTable): void {
  for (const id of affinity)
    if (cpus.isPossible[id] !== 1) throw refused('a possible CPU', cpus.possible, id);
  if (onlineOf(cpus, affinity).length === 0)
    throw refused('an online CPU in the affinity mask', onlineOf(cpus), affinity);
}

function onlineOf(cpus: CpuTable, among: readonly number[] = cpus.possible): readonly number[] {
  return among.filter((id) => cpus.online[id] === 1);
}

function isIntegerFrom(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function refused(
  expected: string,
  choice: readonly (number | string)[],
  got: unknown,
): MachineError {
  const shown = Array.isArray(got) ? `[${got.join(', ')}]` : String(got);
  return new MachineError(
    'ERR_CONFIG',
    `expected ${expected} (${choice.join(', ')}), got ${shown}`,
  );
}
