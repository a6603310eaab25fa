import { describe, expect, it } from 'vitest';
import { Errno, Protection, SignalNumber, SyscallNumber, mprotect } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import type { RseqProfile } from '../../../src/kernel/profiles/rseq-profiles.js';
import { HandMachine } from '../../hand-machine.js';

const AREA = 0x10000000;
const KILLED = [[], SignalNumber.SIGSEGV];
const REFUSED = [[-Errno.EFAULT], 0];

/** What the registration of an area without write permission returns, and what kills the process. */
function register(profile: RseqProfile, rseqCs: number): unknown {
  const hand = new HandMachine({ profile, autoRegister: false });
  hand.process.allocate(4096, 4096);
  hand.process.write32(AREA + RseqOffset.rseqCs, rseqCs);
  const results: number[] = [];
  hand.process.spawn(function* caller(t) {
    yield* mprotect(t, AREA, 4096, Protection.Read);
    results.push(yield* t.syscall(SyscallNumber.rseq, AREA, 32, 0, RSEQ_SIGNATURE));
  });
  hand.finish();
  return [results, hand.process.exitStatus & 0x7f];
}

describe('registering an area that can only be read', () => {
  it.each<readonly [RseqProfile, whenZero: unknown, whenStale: unknown]>([
    ['rfc-2017', KILLED, KILLED],
    ['v4.18', KILLED, KILLED],
    // rseq_cs is cleared only where it is not 0; the ids are first written on the way back.
    ['v6.1', KILLED, REFUSED],
    ['v6.18', KILLED, REFUSED],
    ['v6.19', REFUSED, REFUSED],
    ['v7.1', REFUSED, REFUSED],
  ])('under %s fails as its registration writes', (profile, whenZero, whenStale) => {
    expect(register(profile, 0)).toEqual(whenZero);
    expect(register(profile, 32)).toEqual(whenStale);
  });
});
