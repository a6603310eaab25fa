import { describe, expect, it } from 'vitest';
import { SignalNumber } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { KERNELS, MASKED, kernels } from '../kernels.js';
import { EventMachine } from './events-matrix.js';
import type { SectionEvent } from './events-matrix.js';

const PREEMPT = 1;
const SIGNAL = 2;
const MIGRATE = 4;

/** What becomes of a section with flags when an event comes. */
function outcome(machine: EventMachine, event: SectionEvent): string {
  const aborts = machine.heard('abort');
  machine.let(event);
  if (machine.process.exited) {
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
    return 'killed';
  }
  return aborts.length > 0 ? 'aborts' : 'goes on';
}

/** By flags: what preemption, migration and a signal do in v4.18. */
const TABLE: readonly (readonly [
  flags: number,
  preempt: string,
  migrate: string,
  signal: string,
])[] = [
  [0, 'aborts', 'aborts', 'aborts'],
  [PREEMPT, 'goes on', 'aborts', 'aborts'],
  // A migration takes the thread off its CPU, which is a context switch as well.
  [MIGRATE, 'aborts', 'aborts', 'aborts'],
  [PREEMPT | MIGRATE, 'goes on', 'goes on', 'aborts'],
  [SIGNAL, 'killed', 'killed', 'killed'],
  [SIGNAL | PREEMPT, 'killed', 'killed', 'killed'],
  [SIGNAL | MIGRATE, 'killed', 'killed', 'killed'],
  [SIGNAL | PREEMPT | MIGRATE, 'goes on', 'goes on', 'goes on'],
  [0x80, 'aborts', 'aborts', 'aborts'],
];

const EVENTS = ['preempt', 'migrate', 'signal'] as const;

const PLACES = ['descriptor', 'area', 'both'] as const;

function machineWith(
  options: ConstructorParameters<typeof EventMachine>[0],
  flags: number,
  place: (typeof PLACES)[number],
): EventMachine {
  const machine = new EventMachine(options);
  machine.stepToLabel('first');
  if (place !== 'area') machine.describe({ flags });
  if (place !== 'descriptor') machine.process.write32(machine.areaOf(0) + RseqOffset.flags, flags);
  return machine;
}

describe.each(PLACES)('flags in %s', (place) => {
  it.each(
    kernels('rfc-2017', 'v4.18').flatMap(({ name, options }) =>
      TABLE.flatMap(([flags, ...outcomes]) =>
        EVENTS.map((event, i) => ({ name, options, flags, event, expected: outcomes[i]! })),
      ),
    ),
  )('$name, $flags: with $event the thread $expected', ({ options, flags, event, expected }) => {
    expect(outcome(machineWith(options, flags, place), event)).toBe(expected);
  });

  it.each(
    KERNELS.filter(({ name }) => !['rfc-2017', 'v4.18'].includes(name)).flatMap((kernel) =>
      EVENTS.flatMap((event) => [1, 2, 4, 7].map((flags) => ({ ...kernel, event, flags }))),
    ),
  )('$name, $flags with $event: refused up to v6.18, ignored later', (cell) => {
    const machine = machineWith(cell.options, cell.flags, place);
    expect(outcome(machine, cell.event)).toBe(
      MASKED.some(({ name }) => name === cell.name) ? 'killed' : 'aborts',
    );
  });
});

describe('a section that flags keep from aborting', () => {
  it('stays armed, and the mask is empty: the next event is judged for itself', () => {
    const machine = machineWith({ profile: 'v4.18' }, PREEMPT, 'descriptor');
    machine.let('preempt');
    expect(machine.fields(machine.areaOf(0)).rseqCs).toBe(machine.descriptor);
    expect(outcome(machine, 'migrate')).toBe('aborts');
  });

  it('aborts by an event of before that nobody has looked at, once nothing inhibits it', () => {
    const machine = machineWith({ profile: 'v4.18' }, 0, 'descriptor');
    const area = machine.areaOf(0);
    machine.process.write32(area + RseqOffset.rseqCs, 0);
    machine.let('migrate');
    machine.process.write32(area + RseqOffset.rseqCs, machine.descriptor);
    machine.describe({ flags: MIGRATE | PREEMPT });
    expect(outcome(machine, 'membarrier')).toBe('goes on');
  });
});
