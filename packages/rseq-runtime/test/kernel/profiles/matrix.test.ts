import { describe, expect, it } from 'vitest';
import { SignalNumber } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { KERNELS } from '../kernels.js';
import type { KernelUnderTest } from '../kernels.js';
import { EventMachine, INSTRUCTIONS, addressOf } from './events-matrix.js';
import type { SectionEvent } from './events-matrix.js';

type Instruction = (typeof INSTRUCTIONS)[number];

/** What an event does, wherever in the section it comes. */
interface Row {
  /** Whether the section aborts. */
  readonly aborts: boolean;
  /** Where the thread is afterwards. */
  readonly cpu: number;
  /** Where it cannot come: an addition accesses no memory, and a minor fault comes once a kind. */
  readonly not?: readonly Instruction[];
  /**
   * What becomes of a cpu_id_start that user space has changed: it is written again, left alone, or
   * found out.
   */
  readonly tampered: Readonly<Record<string, 'rewritten' | 'left' | 'killed'>>;
}

const MASKED = {
  'rfc-2017': 'rewritten',
  'v4.18': 'rewritten',
  'v6.1': 'rewritten',
  'v6.18': 'rewritten',
} as const;
const SWITCH = { ...MASKED, 'v6.19': 'left', 'v7.1': 'left', 'v7.1 legacy': 'rewritten' } as const;
const MOVE = { ...SWITCH, 'v6.19': 'rewritten', 'v7.1': 'killed' } as const;
const NOTHING = {
  'rfc-2017': 'left',
  'v4.18': 'left',
  'v6.1': 'left',
  'v6.18': 'left',
  'v6.19': 'left',
  'v7.1': 'left',
  'v7.1 legacy': 'left',
} as const;

const ROWS: Readonly<Record<SectionEvent, Row>> = {
  preempt: { aborts: true, cpu: 0, tampered: SWITCH },
  migrate: { aborts: true, cpu: 2, tampered: MOVE },
  signal: { aborts: true, cpu: 0, tampered: SWITCH },
  membarrier: { aborts: true, cpu: 0, tampered: SWITCH },
  'sleeping fault': { aborts: true, cpu: 0, not: ['second'], tampered: SWITCH },
  'minor fault': { aborts: false, cpu: 0, not: ['second'], tampered: NOTHING },
  'tick without reschedule': { aborts: false, cpu: 0, tampered: NOTHING },
};

const CELLS = KERNELS.flatMap((kernel) =>
  (Object.entries(ROWS) as [SectionEvent, Row][]).flatMap(([event, row]) =>
    INSTRUCTIONS.filter((label) => row.not?.includes(label) !== true).map(
      (label) => ({ kernel, name: kernel.name, event, label, row }) as const,
    ),
  ),
);

function machineAt(kernel: KernelUnderTest, label: Instruction): EventMachine {
  const machine = new EventMachine(kernel.options);
  machine.stepTo(0, addressOf(machine, label));
  return machine;
}

describe('an event inside of a section', () => {
  it.each(CELLS)('$name, $event at $label: aborts or not', ({ kernel, event, label, row }) => {
    const machine = machineAt(kernel, label);
    const area = machine.areaOf(0);
    const from = addressOf(machine, label);
    const abort = machine.section.addressOf('abort');
    const aborts = machine.heard('abort');
    machine.let(event);
    const { aborts: isAborted, cpu } = row;
    expect(aborts).toEqual(isAborted ? [{ thread: 0, cpu, from, to: abort }] : []);
    expect(machine.fields(area)).toEqual({
      cpuIdStart: cpu,
      cpuId: cpu,
      rseqCs: isAborted ? 0 : machine.descriptor,
      rseqCsHigh: 0,
    });
    if (event === 'minor fault') expect(machine.ip(0)).toBe(from + 4);
    else if (event !== 'signal') expect(machine.ip(0)).toBe(isAborted ? abort : from);
    while (machine.results.length === 0) machine.decide(machine.stepOf(0));
    expect(machine.results).toEqual([isAborted ? 77 : 1]);
    expect(machine.process.read32(machine.word)).toBe(isAborted ? 0 : 1);
    expect(machine.handled).toEqual(event === 'signal' ? [abort] : []);
  });

  it.each(CELLS)(
    '$name, $event at $label: what it does to ids that were changed',
    ({ kernel, name, event, label, row }) => {
      const machine = machineAt(kernel, label);
      const area = machine.areaOf(0);
      machine.process.write32(area + RseqOffset.cpuIdStart, 99);
      machine.let(event);
      const expected = row.tampered[name];
      expect(machine.process.exited).toBe(expected === 'killed');
      if (expected === 'killed') {
        expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
        return;
      }
      expect(machine.fields(area).cpuIdStart).toBe(expected === 'left' ? 99 : row.cpu);
    },
  );
});
