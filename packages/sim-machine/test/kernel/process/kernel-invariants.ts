import { expect } from 'vitest';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import type { FlatParts } from '../program-fixture.js';

/** What has to hold between any two decisions. */
export function expectInvariants(parts: FlatParts, place: string): void {
  const { threads, cpus, queues, processes, lifecycle } = parts;
  const perProcess = new Map<number, number>();
  let live = 0;
  for (let thread = 0; thread < threads.highWater; thread++) {
    const state = threads.state[thread]!;
    const at = `${place}: thread ${thread}`;
    const isRunnable = state === ThreadState.Runnable;
    expect(queues.cpuOf(thread), at).toBe(isRunnable ? threads.cpu[thread] : -1);
    const isAlive = state !== ThreadState.Free && state !== ThreadState.Zombie;
    if (state === ThreadState.Free)
      expect(
        [threads.pendingLow[thread], threads.exitWork[thread], threads.tid[thread]],
        at,
      ).toEqual([0, 0, 0]);
    if (!isAlive) continue;
    live += 1;
    const process = threads.process[thread]!;
    perProcess.set(process, (perProcess.get(process) ?? 0) + 1);
    if (isRunnable) continue;
    expect(threads.waitKind[thread], at).not.toBe(0);
  }
  expect(lifecycle.live, place).toBe(live);
  for (let id = 0; id < processes.count; id++)
    expect(processes.columns.threadCount[id], `${place}: process ${id}`).toBe(
      perProcess.get(id) ?? 0,
    );
  for (const cpu of cpus.possible) {
    const current = cpus.current[cpu]!;
    if (current >= 0) expect(queues.cpuOf(current), `${place}: CPU ${cpu}`).toBe(cpu);
    else expect(queues.count(cpu), `${place}: CPU ${cpu} idles`).toBe(0);
  }
}
