import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { CheckResult } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { CounterOffset, DomainOffset, PERIOD_SHIFT } from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { FlippingDomain } from '../bugs/flipping-domain.js';

const BLOCK = DomainOffset.firstBlock;

/** One reader is inside for good: no grace period may end while others pass through. */
function passingBy(
  domainOf: (...parameters: Parameters<typeof RcuDomain.create>) => RcuDomain,
  pass: (t: Thread, domain: number) => Operation<void>,
): CheckResult {
  return check(
    scenario({
      name: 'readers that pass by one that stays',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      allowBlocked: true,
      setup(lab) {
        const domain = domainOf(lab.machine, lab.process);
        lab.process.write32(domain.address + BLOCK + CounterOffset.rseqLock, 1);
        lab.spawn((t) => pass(t, domain.address), { name: 'passers' });
        lab.spawn(function* updater(t) {
          yield* domain.synchronize(t);
          lab.expect(false, 'no grace period to end with a reader inside', t);
        });
      },
    }),
    { search: 'states', kernelEvents: 0 },
  );
}

/** Readers that have all taken the period before any of them counts: as many as can be in flight. */
function inFlight(readers: number): (t: Thread, domain: number) => Operation<void> {
  return function* pass(t, domain) {
    const period = yield* t.load(domain + DomainOffset.period);
    const counters = domain + BLOCK + (period << PERIOD_SHIFT);
    for (let n = 0; n < readers; n++) yield* t.fetchAdd(counters + CounterOffset.lock, 1);
    for (let n = 0; n < readers; n++) yield* t.fetchAdd(counters + CounterOffset.unlock, 1);
  };
}

/** The same, all in two steps: for counters of which single steps would be too many. */
function inFlightAtOnce(readers: number): (t: Thread, domain: number) => Operation<void> {
  return function* pass(t, domain) {
    const period = yield* t.load(domain + DomainOffset.period);
    const counters = domain + BLOCK + (period << PERIOD_SHIFT);
    yield* t.fetchAdd(counters + CounterOffset.lock, readers);
    yield* t.fetchAdd(counters + CounterOffset.unlock, readers);
  };
}

describe.each([3, 4, 5, 6, 7, 8])('counters of %i bits, behind a flip', (counterBits) => {
  const flying = counterBits === 3 ? inFlight : inFlightAtOnce;
  /** So many locks beside the one that stays make a sum of none. */
  const threshold = 2 ** counterBits - 1;
  const domainOf = (...[machine, process]: Parameters<typeof RcuDomain.create>): RcuDomain =>
    new FlippingDomain(machine, process, {
      barriers: barrierPlanOf('fence'),
      flips: 1,
      counterBits,
    });

  it(`tell a reader from none beside ${threshold - 1} that are in flight`, () => {
    const result = passingBy(domainOf, flying(threshold - 1));
    expect(result.finding).toBeUndefined();
    expect(result.blocked).toBeGreaterThan(0);
  });

  it(`overflow with ${threshold}`, () => {
    expect(passingBy(domainOf, flying(threshold))).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected no grace period to end with a reader inside' },
    });
  });
});

/** So many sections of one thread, each counted before the next begins, in two steps. */
function sections(count: number): (t: Thread, domain: number) => Operation<void> {
  return function* pass(t, domain) {
    yield* t.fetchAdd(domain + BLOCK + CounterOffset.lock, count);
    yield* t.fetchAdd(domain + BLOCK + CounterOffset.unlock, count);
  };
}

describe('counters of 32 bits, in a first scan that takes both periods', () => {
  const domainOf = (...[machine, process]: Parameters<typeof RcuDomain.create>): RcuDomain =>
    RcuDomain.create(machine, process);
  const threshold = 2 ** 32 - 1;

  it(`tell a reader from none beside ${threshold - 1} sections within one scan`, () => {
    const result = passingBy(domainOf, sections((threshold - 1) | 0));
    expect(result.finding).toBeUndefined();
    expect(result.blocked).toBeGreaterThan(0);
  });

  it(`overflow with ${threshold}`, () => {
    expect(passingBy(domainOf, sections(threshold | 0)).outcome).toBe('fails');
  });
});
