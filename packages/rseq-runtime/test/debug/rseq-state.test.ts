import { Machine, ScriptedDirector } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { rseqStateOf } from '../../src/debug/rseq-state.js';
import { RSEQ_SIGNATURE } from '../../src/kernel/rseq-abi.js';
import { SectionMachine } from '../kernel/section-fixture.js';

describe('the rseq state of a thread', () => {
  it('shows the area, the descriptor that is armed, and whether the thread is inside of it', () => {
    const lab = new SectionMachine();
    const { section } = lab;
    lab.stepToLabel('entry');
    const armed = {
      area: lab.areaOf(0),
      signature: RSEQ_SIGNATURE,
      cpuIdStart: 0,
      cpuId: 0,
      rseqCs: lab.descriptor,
      flags: 0,
      section: {
        version: 0,
        flags: 0,
        startIp: section.addressOf('first'),
        postCommitOffset: section.addressOf('postCommit') - section.addressOf('first'),
        abortIp: section.addressOf('abort'),
        signature: RSEQ_SIGNATURE,
      },
    };
    expect(rseqStateOf(lab.machine, 0)).toEqual({ ...armed, isInside: false });
    lab.stepToLabel('first');
    expect(rseqStateOf(lab.machine, 0)).toEqual({ ...armed, isInside: true });
    lab.stepToLabel('postCommit');
    expect(rseqStateOf(lab.machine, 0)).toEqual({ ...armed, isInside: false });
  });

  it('has no section where the descriptor or the signature is not mapped', () => {
    const unmapped = new SectionMachine({ armed: 0x30000000 });
    unmapped.stepToLabel('first');
    expect(rseqStateOf(unmapped.machine, 0)).toMatchObject({
      rseqCs: 0x30000000,
      section: undefined,
      isInside: false,
    });
    const far = new SectionMachine();
    far.describe({ abortIp: -8 });
    far.stepToLabel('entry');
    expect(rseqStateOf(far.machine, 0)?.section?.signature).toBeUndefined();
  });

  it('is undefined for a thread without a registration, and without rseq', () => {
    const lab = new SectionMachine({ options: { autoRegister: false } });
    lab.decide();
    expect(rseqStateOf(lab.machine, 0)).toBeUndefined();
    const bare = new Machine({}, new ScriptedDirector([]));
    bare.createProcess('main').spawn(function* nothing(t) {
      yield* t.fence();
    });
    expect(rseqStateOf(bare, 0)).toBeUndefined();
  });
});
