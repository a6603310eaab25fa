import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { Mutex } from '../../../src/kernel/libc/mutex.js';
import { getAffinity, getcpu, setAffinity } from '../../../src/kernel/libc/scheduling.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import type { FlatParts } from '../program-fixture.js';
import { drive, Laboratory, machineParts, settle } from '../program-fixture.js';

const TOPOLOGY = { cpus: '0,2,5,7', nodes: ['0,2', '5,7'] } as const;

/** Threads that never end, one a CPU or as the options say. */
function busy(
  parts: FlatParts,
  ...options: readonly { readonly cpu: number; readonly affinity?: readonly number[] }[]
): void {
  const process = parts.processes.begin(-1, 'main')!;
  process.mapRuntime(8);
  for (const option of options)
    process.spawn(function* spinner(t) {
      for (;;) yield* t.fence();
    }, option);
  settle(parts);
}

function affinityOf(parts: FlatParts, thread: number): readonly number[] {
  return parts.cpus.possible.filter((cpu) => parts.threads.allows(thread, cpu));
}

describe('taking a CPU offline', () => {
  it('returns -EINVAL for a CPU that is not possible', () => {
    const { services } = machineParts({ cpus: TOPOLOGY });
    for (const cpu of [1, 3, 8, 4000, -1]) {
      expect(services.hotplug.offline(cpu)).toBe(-Errno.EINVAL);
      expect(services.hotplug.online(cpu)).toBe(-Errno.EINVAL);
    }
  });

  it('returns -EBUSY for the last one', () => {
    const { services, cpus } = machineParts({ cpus: TOPOLOGY });
    for (const cpu of [0, 5, 7]) expect(services.hotplug.offline(cpu)).toBe(0);
    expect(services.hotplug.offline(2)).toBe(-Errno.EBUSY);
    expect(cpus.online[2]).toBe(1);
    expect(services.hotplug.offline(0)).toBe(0);
    expect(services.hotplug.online(5)).toBe(0);
    expect(services.hotplug.offline(2)).toBe(0);
  });

  it('moves its threads, the running one too, to a CPU of the same node', () => {
    const parts = machineParts({ cpus: TOPOLOGY });
    busy(parts, { cpu: 5 }, { cpu: 5 }, { cpu: 5, affinity: [0, 5] });
    parts.services.hotplug.offline(5);
    settle(parts);
    expect(parts.cpus.current[5]).toBe(-1);
    expect(parts.queues.count(5)).toBe(0);
    expect([0, 1, 2].map((thread) => parts.threads.cpu[thread])).toEqual([7, 7, 0]);
    expect(parts.cpus.current[7]).toBeGreaterThanOrEqual(0);
    expect(affinityOf(parts, 2)).toEqual([0, 5]);
  });

  it('widens the affinity mask of a thread that may be nowhere else, for good', () => {
    const parts = machineParts({ cpus: TOPOLOGY });
    busy(parts, { cpu: 5, affinity: [5] });
    parts.services.hotplug.offline(5);
    expect(parts.threads.cpu[0]).toBe(7);
    expect(affinityOf(parts, 0)).toEqual([0, 2, 5, 7]);
    parts.services.hotplug.online(5);
    expect(affinityOf(parts, 0)).toEqual([0, 2, 5, 7]);
  });

  it('moves a sleeper when it wakes, and its timer at once', () => {
    const parts = machineParts({ cpus: TOPOLOGY });
    const process = parts.processes.begin(-1, 'main')!;
    process.mapRuntime(8);
    const seen: number[] = [];
    process.spawn(
      function* sleeper(t) {
        yield* nanosleep(t, 10_000);
        const { cpu, node } = yield* getcpu(t);
        seen.push(cpu, node);
      },
      { cpu: 5, affinity: [5] },
    );
    drive(parts, () => parts.threads.state[0] === ThreadState.Interruptible);
    expect(parts.services.timers.cpuOf(0)).toBe(5);
    parts.services.hotplug.offline(5);
    expect(parts.services.timers.cpuOf(0)).toBe(0);
    drive(parts);
    expect(seen).toEqual([7, 1]);
  });

  it('makes its buffered stores visible', () => {
    const parts = machineParts({ cpus: 2, memory: 'tso' });
    const process = parts.processes.begin(-1, 'main')!;
    process.mapRuntime(8);
    const word = process.allocate(4);
    process.spawn(
      function* writer(t) {
        yield* t.store(word, 7);
        for (;;) yield* t.load(word);
      },
      { cpu: 1 },
    );
    drive(parts, () => parts.memory.model.pendingStores(1) > 0);
    expect(process.read32(word)).toBe(0);
    parts.services.hotplug.offline(1);
    expect(process.read32(word)).toBe(7);
  });

  it('is an event, as going online is', () => {
    const parts = machineParts({ cpus: 2 });
    const seen: unknown[] = [];
    parts.events.on('hotplug', (event) => seen.push(event));
    parts.services.hotplug.offline(1);
    parts.services.hotplug.offline(1);
    parts.services.hotplug.online(1);
    parts.services.hotplug.online(1);
    expect(seen).toEqual([
      { cpu: 1, online: false },
      { cpu: 1, online: true },
    ]);
  });

  it('hides the CPU from sched_getaffinity, and sched_setaffinity to it alone is -EINVAL', () => {
    const parts = machineParts({ cpus: 2 });
    const process = parts.processes.begin(-1, 'main')!;
    process.mapRuntime(8);
    const results: unknown[] = [];
    process.spawn(function* main(t) {
      results.push(yield* getAffinity(t));
      results.push(yield* setAffinity(t, [1]));
      results.push(yield* setAffinity(t, [0, 1]));
    });
    parts.services.hotplug.offline(1);
    drive(parts);
    expect(results).toEqual([[0], -Errno.EINVAL, 0]);
  });
});

describe('an online CPU', () => {
  it('takes threads again: an idle one pulls from a busy one at the next tick', () => {
    const parts = machineParts({ cpus: 2 });
    parts.services.hotplug.offline(1);
    busy(parts, { cpu: 0 }, { cpu: 0 });
    expect(parts.queues.count(0)).toBe(2);
    parts.services.hotplug.online(1);
    parts.services.tick.tick(0);
    settle(parts);
    expect([parts.queues.count(0), parts.queues.count(1)]).toEqual([1, 1]);
    expect(parts.cpus.current[1]).toBeGreaterThanOrEqual(0);
  });
});

describe('hotplug under load', () => {
  it('loses no thread and breaks no lock, whenever CPUs come and go', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('sc' as const, 'tso' as const), (seed, memory) => {
        const lab = new Laboratory(
          { cpus: TOPOLOGY, memory, events: { hotplug: true } },
          new RandomDirector({ seed }),
        );
        const mutex = Mutex.create(lab.process);
        const counter = lab.word();
        for (const cpu of [0, 2, 5, 7])
          lab.spawn(
            function* worker(t) {
              for (let turn = 0; turn < 2; turn++) {
                yield* mutex.lock(t);
                yield* t.store(counter, (yield* t.load(counter)) + 1);
                yield* mutex.unlock(t);
                yield* nanosleep(t, 100);
              }
            },
            { cpu, affinity: [cpu] },
          );
        lab.machine.events.on('switch', ({ cpu, next }) => {
          if (next >= 0) expect(lab.machine.cpus.online[cpu]).toBe(1);
        });
        lab.finish();
        expect(lab.process.read32(counter)).toBe(8);
      }),
      { numRuns: 60 },
    );
  });
});
