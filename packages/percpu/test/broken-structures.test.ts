import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { CommitOrder, IndexKind, PrimitiveDefinition } from '@rseqlab/rseq-runtime';
import { Registers } from '@rseqlab/sim-machine';
import { POP_ALL_PLAN, POP_PLAN, PUSH_PLAN } from '../src/list-plans.js';
import { ITEMS_OFFSET, copyPlans, pointerPlans } from '../src/buffer-plans.js';
import type { OperationPlan } from '../src/operation-plan.js';
import { PerCpuBlocks } from '../src/per-cpu-blocks.js';
import { PerCpuBuffer } from '../src/per-cpu-buffer.js';
import { PerCpuOperation } from '../src/per-cpu-operation.js';
import { LOCK_PLAN } from '../src/per-cpu-spin-lock.js';
import { allocating, buffering, copying, emptying, locking } from './structure-scenarios.js';

const { r1, r2, r3, r4, r5, r8, r9, r12 } = Registers;

/** A plan with another section: the one under test with a mistake in it. */
function mistaken(plan: OperationPlan, emit: PrimitiveDefinition['emit']): OperationPlan {
  return { ...plan, name: `broken ${plan.name}`, primitive: { ...plan.primitive, emit } };
}

const lists = { push: PUSH_PLAN, pop: POP_PLAN, popAll: POP_ALL_PLAN };
const pointers = pointerPlans(2);
const copies = copyPlans(2, 8);

describe('found broken: ', () => {
  it.each<readonly [what: string, broken: Scenario, finding: object]>([
    [
      'a lock that is taken without a compare',
      locking(
        { cpus: 1 },
        mistaken(LOCK_PLAN, (b) => b.st32(r3, r1)),
      ),
      { kind: 'assertion' },
    ],
    [
      'a pop without a compare, from a list that was emptied meanwhile',
      allocating(
        { cpus: 2 },
        {
          ...lists,
          pop: mistaken(POP_PLAN, (b) => b.ld32(r9, r1).add(r8, r9, r3).ld32(r8, r8).st32(r8, r1)),
        },
      ),
      { kind: 'crash' },
    ],
    [
      'a push that links the node only after it is the first',
      emptying(
        { cpus: 1 },
        {
          ...lists,
          push: {
            ...mistaken(PUSH_PLAN, (b) => b.st32(r3, r1)),
            prepare: (b) => b.ld32(r2, r12).mov(r1, r12).mov(r3, Registers.r11),
            finish: (b) => b.st32(r2, r3).li(Registers.r0, 0),
          },
        },
      ),
      { kind: 'assertion' },
    ],
    [
      'a push that counts the pointer before it is there',
      buffering(
        { cpus: 1 },
        { ...pointers, push: mistaken(pointers.push, (b) => b.st32(r5, r1).st32(r4, r3)) },
      ),
      { kind: 'assertion' },
    ],
    [
      'a push that counts the item before its last word is there',
      copying(
        { cpus: 1 },
        {
          ...copies,
          push: mistaken(copies.push, (b) =>
            b.ld32(r8, r4).st32(r8, r3).st32(r5, r1).ld32(r8, r4, 4).st32(r8, r3, 4),
          ),
        },
      ),
      { kind: 'assertion' },
    ],
  ])('%s', (_, broken, finding) => {
    expect(check(broken)).toMatchObject({ outcome: 'fails', finding });
  });
});

/** Two threads lock blocks that are the same, each by the index that it takes for the right one. */
function lockingBy(...indexes: readonly [IndexKind, IndexKind]): Scenario {
  return scenario({
    name: 'one lock, two indexes',
    machine: { cpus: 2, kernel: [rseq({ profile: 'v6.19' })], maxThreads: 2, maxProcesses: 1 },
    setup({ machine, process }) {
      const blocks = new PerCpuBlocks(machine, process, 8);
      const sum = process.allocate(64 * 2);
      for (const index of indexes) {
        const lock = new PerCpuOperation(machine, LOCK_PLAN, blocks, { index });
        process.spawn(function* worker(t) {
          const own = yield* lock.run(t);
          yield* t.store(sum + 64 * own, (yield* t.load(sum + 64 * own)) + 1);
          yield* t.storeRelease(blocks.of(own), 0);
        });
      }
      return sum;
    },
    check(sum, lab) {
      const total = lab.process.read32(sum) + lab.process.read32(sum + 64);
      lab.expectEqual(total, 2, 'the sum');
    },
  });
}

describe('data that one thread indexes by cpu_id and the other by mm_cid', () => {
  it('is found to be shared without protection, with no kernel event at all', () => {
    expect(check(lockingBy('cpu_id', 'mm_cid'))).toMatchObject({
      outcome: 'fails',
      kernelEvents: 0,
      finding: { message: 'expected the sum to be 2, got 1' },
    });
  });

  it.each(['cpu_id', 'mm_cid'] as const)('is protected when both take %s', (index) => {
    expect(check(lockingBy(index, index), { kernelEvents: 3 })).not.toHaveProperty('finding');
  });
});

/** A thread of another CPU looks how many pointers there are, and at the last one. */
function observing(order: CommitOrder): Scenario {
  return scenario({
    name: `buffer, ${order}`,
    machine: { cpus: 2, kernel: [rseq()], maxThreads: 2, maxProcesses: 1, shadow: true },
    events: { preemption: false, migration: false },
    setup({ machine, process }) {
      const buffer = PerCpuBuffer.create(machine, process, 2, { order });
      const count = buffer.countAddress(0);
      machine.shadow?.races?.marks.markData(count, 4);
      process.spawn(
        function* producer(t) {
          yield* buffer.push(t, 1000);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* observer(t) {
          if ((yield* t.loadAcquire(count)) > 0) yield* t.load(count + ITEMS_OFFSET);
        },
        { cpu: 1 },
      );
    },
    check(_, lab) {
      lab.expectEqual(lab.machine.shadow?.races?.findings.length, 0, 'the number of data races');
    },
  });
}

describe('a buffer that another CPU looks into', () => {
  it('has a data race when its commits are relaxed', () => {
    expect(check(observing('relaxed'))).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'race' },
    });
  });

  it('has none when they release', () => {
    expect(check(observing('release'))).toMatchObject({ outcome: 'holds' });
  });
});
