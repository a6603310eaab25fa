import { check } from '@rseqlab/explorer';
import type { CheckResult } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { ringModel } from './ring-model.js';
import type { RingModel } from './ring-model.js';

/** A model, and how it is searched. */
export interface RingRow {
  readonly model: RingModel;
  readonly memory: MemoryModelName;
  /** Every state; or so many executions, drawn. */
  readonly search: 'states' | { readonly pct: number } | { readonly random: number };
  /** Takes states as one that the tracers make of each other. */
  readonly symmetry?: boolean;
  /** Most preemptions on a path; as many as there can be where it is left out. */
  readonly preemptions?: number;
  /** How many states there are, where a test makes sure of it. */
  readonly states?: number;
}

const tracers = (count: number): RingModel => ({
  tracers: count,
  hasSwitcher: false,
  hasReader: false,
});

/** Tracers, a switcher and a reader on one CPU. */
const together = (count: number): RingModel => ({
  tracers: count,
  hasSwitcher: true,
  hasReader: true,
});

/** The same with the reader on a CPU of its own. */
const apart = (count: number): RingModel => ({ ...together(count), readerCpu: 1 });

/** Rows that the tests search: seconds. */
export const SMALL_ROWS: readonly RingRow[] = [
  { model: together(2), memory: 'sc', search: 'states' },
  { model: together(4), memory: 'sc', search: 'states', preemptions: 0 },
  { model: tracers(3), memory: 'sc', search: 'states', symmetry: true, states: 19_291 },
  { model: apart(1), memory: 'tso', search: 'states', preemptions: 0 },
  { model: apart(4), memory: 'tso', search: { pct: 300 }, preemptions: 3 },
  { model: apart(4), memory: 'weak', search: { random: 300 }, preemptions: 3 },
];

/** Rows that take minutes: `npm run proof -- ring`. */
export const LARGE_ROWS: readonly RingRow[] = [
  { model: tracers(2), memory: 'sc', search: 'states' },
  { model: tracers(3), memory: 'sc', search: 'states' },
  { model: tracers(4), memory: 'sc', search: 'states' },
  { model: tracers(4), memory: 'sc', search: 'states', symmetry: true },
  { model: { ...tracers(2), hasSwitcher: true }, memory: 'sc', search: 'states' },
  { model: { ...tracers(3), hasSwitcher: true }, memory: 'sc', search: 'states' },
  { model: { ...tracers(2), hasReader: true }, memory: 'sc', search: 'states' },
  { model: together(3), memory: 'sc', search: 'states' },
  { model: together(3), memory: 'sc', search: 'states', symmetry: true },
  { model: together(4), memory: 'sc', search: 'states', preemptions: 2 },
  { model: together(4), memory: 'sc', search: 'states', symmetry: true },
  { model: apart(2), memory: 'sc', search: 'states' },
  { model: apart(4), memory: 'sc', search: 'states', preemptions: 0 },
  { model: apart(2), memory: 'tso', search: 'states', preemptions: 0 },
  { model: apart(4), memory: 'tso', search: { pct: 20_000 }, preemptions: 3 },
  { model: apart(4), memory: 'weak', search: { random: 20_000 }, preemptions: 3 },
];

/** Who takes part, in words. */
export function modelText({
  tracers: count,
  hasSwitcher,
  hasReader,
  readerCpu,
}: RingModel): string {
  return [
    count === 1 ? '1 tracer' : `${count} tracers`,
    ...(hasSwitcher ? ['switcher'] : []),
    ...(hasReader ? [readerCpu === 1 ? 'reader on another CPU' : 'reader'] : []),
  ].join(', ');
}

/** Searches a row. @param changes to the model */
export function searched(row: RingRow, changes: Partial<RingModel> = {}): CheckResult {
  const { memory, search, symmetry = false, preemptions } = row;
  const model = { ...row.model, ...changes };
  const scenario = ringModel({ ...model, machine: { ...model.machine, memory } });
  const bound = preemptions === undefined ? {} : { kernelEvents: preemptions };
  if (search === 'states')
    return check(scenario, { search, reduce: true, symmetry, executions: 1e9, ...bound });
  const [name, executions] = Object.entries(search)[0]!;
  return check(scenario, { search: name as 'pct' | 'random', executions, ...bound });
}
