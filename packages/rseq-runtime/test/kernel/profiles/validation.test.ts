import { describe, expect, it } from 'vitest';
import { SignalNumber } from '@rseqlab/sim-machine';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { migrate } from '../../hand-machine.js';
import { KERNELS, MASKED } from '../kernels.js';
import type { KernelUnderTest } from '../kernels.js';
import { SectionMachine } from '../section-fixture.js';
import type { Descriptor } from '../section-fixture.js';

const KERNEL = 0x80000000 | 0;
const UNMAPPED = 0x30000000;

const at = (machine: SectionMachine, label: string): number => machine.section.addressOf(label);

/** What an event leads to: the section aborts, is disarmed, or the thread gets SIGSEGV. */
type Outcome = 'aborts' | 'cleared' | 'killed';

/** What becomes of a thread at a label, with a descriptor that may be wrong, when an event comes. */
function outcome(options: RseqOptions, label: string, row: Row): Outcome {
  const machine = new SectionMachine({ options, ...row.settings });
  const aborts = machine.heard('abort');
  machine.describe(row.fields?.(machine) ?? {});
  machine.stepToLabel(label);
  machine.decide(migrate(0, 1));
  if (machine.process.exited) {
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
    return 'killed';
  }
  expect(machine.fields(machine.areaOf(0))).toMatchObject({ rseqCs: 0, rseqCsHigh: 0, cpuId: 1 });
  return aborts.length > 0 ? 'aborts' : 'cleared';
}

interface Row {
  readonly what: string;
  readonly fields?: (machine: SectionMachine) => Descriptor;
  readonly settings?: { readonly armed?: number; readonly armedHigh?: number };
  /** Kernels that check everything: with the thread inside, and outside. */
  readonly whole: readonly [inside: Outcome, outside: Outcome];
  /** Kernels that check what they need; debug mode kills where the third says so. */
  readonly minimal: readonly [inside: Outcome, outside: Outcome, debugInside: Outcome];
  /** What debug mode does with the thread outside, where that is not what production does. */
  readonly debugOutside?: Outcome;
}

const KILLED: Pick<Row, 'whole' | 'minimal'> = {
  whole: ['killed', 'killed'],
  minimal: ['killed', 'killed', 'killed'],
};

const ROWS: readonly Row[] = [
  {
    what: 'everything right',
    whole: ['aborts', 'cleared'],
    minimal: ['aborts', 'cleared', 'aborts'],
  },
  { what: 'an address in the kernel', settings: { armed: KERNEL }, ...KILLED },
  { what: 'an address above 32 bits', settings: { armedHigh: 1 }, ...KILLED },
  { what: 'an address that is not mapped', settings: { armed: UNMAPPED }, ...KILLED },
  {
    what: 'version 1',
    fields: () => ({ version: 1 }),
    whole: ['killed', 'killed'],
    minimal: ['aborts', 'cleared', 'killed'],
  },
  {
    what: 'a length that wraps to a user address',
    fields: (m) => ({ postCommitOffset: -at(m, 'first') + 0x500000 }),
    whole: ['killed', 'killed'],
    minimal: ['aborts', 'cleared', 'killed'],
    debugOutside: 'cleared',
  },
  {
    what: 'a length above 32 bits',
    fields: () => ({ postCommitOffsetHigh: 1 }),
    whole: ['killed', 'killed'],
    minimal: ['aborts', 'cleared', 'killed'],
    debugOutside: 'cleared',
  },
  {
    what: 'a start in the kernel',
    fields: () => ({ startIp: KERNEL }),
    whole: ['killed', 'killed'],
    minimal: ['cleared', 'cleared', 'killed'],
    debugOutside: 'killed',
  },
  {
    what: 'a start above 32 bits',
    fields: () => ({ startIpHigh: 1 }),
    whole: ['killed', 'killed'],
    minimal: ['cleared', 'cleared', 'killed'],
    debugOutside: 'killed',
  },
  {
    what: 'an abort address in the section',
    fields: (m) => ({ abortIp: at(m, 'commit') }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'an abort address without a signature',
    fields: (m) => ({ abortIp: at(m, 'abort') + 4 }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'an abort address in the kernel',
    fields: () => ({ abortIp: KERNEL }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'an abort address above 32 bits',
    fields: () => ({ abortIpHigh: 1 }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'an abort address of 0',
    fields: () => ({ abortIp: 0 }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'an abort address that is not mapped',
    fields: () => ({ abortIp: UNMAPPED + 64 }),
    whole: ['killed', 'killed'],
    minimal: ['killed', 'cleared', 'killed'],
  },
  {
    what: 'flags',
    fields: () => ({ flags: 1 }),
    whole: ['killed', 'cleared'],
    minimal: ['aborts', 'cleared', 'killed'],
  },
  {
    what: 'length 0',
    fields: () => ({ postCommitOffset: 0 }),
    whole: ['cleared', 'cleared'],
    minimal: ['cleared', 'cleared', 'cleared'],
  },
];

const isMinimal = (kernel: KernelUnderTest): boolean => !MASKED.includes(kernel);

const CELLS = KERNELS.flatMap((kernel) =>
  [false, true].flatMap((debug) =>
    ROWS.map((row) => ({ kernel, name: kernel.name, debug, what: row.what, row })),
  ),
);

describe('a descriptor with', () => {
  it.each(CELLS)('$what, $name, debug $debug', ({ kernel, debug, row }) => {
    const options = { ...kernel.options, debug };
    if (isMinimal(kernel)) {
      const [inside, outside, debugInside] = row.minimal;
      expect(outcome(options, 'commit', row)).toBe(debug ? debugInside : inside);
      expect(outcome(options, 'entry', row)).toBe(debug ? (row.debugOutside ?? outside) : outside);
      return;
    }
    const [inside, outside] = row.whole;
    // The flag of the table keeps preemption from aborting in v4.18, not migration.
    const obeys = ['rfc-2017', 'v4.18'].includes(kernel.name) && row.what === 'flags';
    expect(outcome(options, 'commit', row)).toBe(obeys ? 'aborts' : inside);
    expect(outcome(options, 'entry', row)).toBe(outside);
  });

  it('an abort handler before the section is as good as one behind it, debug or not', () => {
    for (const kernel of KERNELS)
      for (const debug of [false, true]) {
        const machine = new SectionMachine({ options: { ...kernel.options, debug } });
        machine.describe({
          startIp: at(machine, 'cpuId'),
          postCommitOffset: at(machine, 'exit') - at(machine, 'cpuId'),
        });
        machine.stepToLabel('first');
        machine.machine.threads.registers[16] = at(machine, 'cpuId');
        machine.decide(migrate(0, 1));
        expect(machine.ip(0)).toBe(at(machine, 'abort'));
      }
  });
});
