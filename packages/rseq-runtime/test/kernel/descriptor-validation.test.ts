import { describe, expect, it } from 'vitest';
import { SignalNumber } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE } from '../../src/kernel/rseq-abi.js';
import { migrate, preempt } from '../hand-machine.js';
import { SectionMachine } from './section-fixture.js';
import type { Descriptor } from './section-fixture.js';

const KERNEL = 0x80000000 | 0;
const UNMAPPED = 0x30000000;

/** Lets an event come at a label, with a descriptor that may be wrong; whether the thread survived. */
function eventAt(label: string, machine: SectionMachine, fields: Descriptor = {}): boolean {
  machine.describe(fields);
  machine.stepToLabel(label);
  machine.decide(migrate(0, 1));
  if (!machine.process.exited) return true;
  expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  return false;
}

type Row = readonly [what: string, fields: (machine: SectionMachine) => Descriptor];

const at = (machine: SectionMachine, label: string): number => machine.section.addressOf(label);

/** Descriptors that are fatal wherever the thread is. */
const INVALID: readonly Row[] = [
  ['version 1', () => ({ version: 1 })],
  ['version 2^31', () => ({ version: KERNEL })],
  ['a start in the kernel', () => ({ startIp: KERNEL })],
  ['a start above 32 bits', () => ({ startIpHigh: 1 })],
  ['a length that reaches into the kernel', () => ({ postCommitOffset: 0x7fffffff })],
  [
    'a length that just reaches the kernel',
    (m) => ({ postCommitOffset: 0x80000000 - at(m, 'first') }),
  ],
  ['a length above 32 bits', () => ({ postCommitOffsetHigh: 1 })],
  ['a length that wraps to behind the start', () => ({ postCommitOffset: -4 })],
  [
    'a length that wraps to a user address',
    (m) => ({ postCommitOffset: -at(m, 'first') + 0x500000 }),
  ],
  ['an abort address in the kernel', () => ({ abortIp: KERNEL })],
  ['an abort address above 32 bits', () => ({ abortIpHigh: 1 })],
  ['an abort address at the start', (m) => ({ abortIp: at(m, 'first') })],
  ['an abort address at the last instruction', (m) => ({ abortIp: at(m, 'commit') })],
  ['an abort handler without a signature', (m) => ({ abortIp: at(m, 'abort') + 4 })],
  ['an abort address whose signature is not mapped', () => ({ abortIp: UNMAPPED + 64 })],
  ['an abort address of 0', () => ({ abortIp: 0 })],
];

/** Descriptors that are odd, and not fatal outside of what they describe. */
const HARMLESS: readonly Row[] = [
  ['everything right', () => ({})],
  ['length 0', () => ({ postCommitOffset: 0 })],
  ['flags', () => ({ flags: 7 })],
  ['a start that no code is at', () => ({ startIp: UNMAPPED, postCommitOffset: 16 })],
  ['a start at address 0', () => ({ startIp: 0, postCommitOffset: 16 })],
  ['an abort address before the start', (m) => ({ startIp: at(m, 'cpuId'), postCommitOffset: 8 })],
];

describe('a descriptor', () => {
  describe.each(['entry', 'first', 'commit', 'postCommit'])(
    'seen with the thread at %s',
    (label) => {
      it.each(INVALID)('with %s is SIGSEGV', (_what, fields) => {
        const machine = new SectionMachine();
        expect(eventAt(label, machine, fields(machine))).toBe(false);
      });
    },
  );

  describe.each(['entry', 'postCommit'])('seen from outside, at %s', (label) => {
    it.each(HARMLESS)('with %s is harmless, and disarmed', (_what, fields) => {
      const machine = new SectionMachine();
      expect(eventAt(label, machine, fields(machine))).toBe(true);
      expect(machine.ip(0)).toBe(at(machine, label));
      expect(machine.fields(machine.areaOf(0))).toEqual({
        cpuIdStart: 1,
        cpuId: 1,
        rseqCs: 0,
        rseqCsHigh: 0,
      });
      expect(machine.finish()).toBe('finished');
      expect(machine.results).toEqual([1]);
    });
  });

  it('may have its abort handler right behind the section', () => {
    const machine = new SectionMachine();
    const abort = at(machine, 'abort');
    expect(eventAt('commit', machine, { postCommitOffset: abort - at(machine, 'first') })).toBe(
      true,
    );
    expect(machine.ip(0)).toBe(abort);
  });

  it.each([
    ['in the kernel', { armed: KERNEL }],
    ['that ends in the kernel', { armed: 0x7ffffff0 }],
    ['above 32 bits', { armedHigh: 1 }],
    ['above 32 bits with a lower word of 0', { armed: 0, armedHigh: 1 }],
    ['that is not mapped', { armed: UNMAPPED }],
  ])('%s is SIGSEGV', (_what, settings) => {
    expect(eventAt('entry', new SectionMachine(settings))).toBe(false);
  });

  it('that ends on a page that is not mapped is SIGSEGV', () => {
    const page = 0x10000000 + 128 * 2 ** 20 - 16;
    expect(eventAt('entry', new SectionMachine({ armed: page }))).toBe(false);
  });

  it('need not be aligned: the kernel does not look', () => {
    const machine = new SectionMachine({ armed: 0x10000000 + 36 });
    const shifted = machine.process.allocate(32, 32) + 4;
    expect(shifted).toBeGreaterThan(0);
    machine.describe({});
    const words = Array.from({ length: 8 }, (_, i) =>
      machine.process.read32(machine.descriptor + 4 * i),
    );
    words.forEach((word, i) => {
      machine.process.write32(0x10000000 + 36 + 4 * i, word);
    });
    machine.stepToLabel('commit');
    machine.decide(migrate(0, 1));
    expect(machine.ip(0)).toBe(at(machine, 'abort'));
  });

  it('is read anew at every event: what was valid may be wrong later', () => {
    const machine = new SectionMachine();
    machine.process.spawn(
      function* other(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    machine.stepToLabel('first');
    machine.describe({ version: 1 });
    machine.decide(preempt(0, 1), preempt(0, 0));
    expect(machine.process.exited).toBe(true);
  });

  it('is compared with the signature that the thread registered', () => {
    expect(RSEQ_SIGNATURE).toBe(0x53053053);
    const machine = new SectionMachine();
    expect(eventAt('commit', machine)).toBe(true);
  });
});
