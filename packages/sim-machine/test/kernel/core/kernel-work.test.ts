import { describe, expect, it } from 'vitest';
import { SwitchReason } from '../../../src/kernel/exit-work.js';
import type { KernelModule, KernelPort } from '../../../src/kernel/kernel-module.js';
import type { KernelWorkPort } from '../../../src/kernel/kernel-work.js';
import type { MachineConfig } from '../../../src/machine-config.js';
import { CostKind } from '../../../src/cpu/cost-kind.js';
import { XEON_E5_2630V3 } from '../../../src/cpu/cost-machines.js';
import { ScriptedMachine, step } from './scripted-machine.js';

const WORK = 499;
const DATA = 0x10000000;
const UNMAPPED = 0x30000000;

/** A machine with a system call that does `act` on the CPU that it is given. */
function working(act: (work: KernelWorkPort) => number, config: MachineConfig = {}) {
  const calls: (readonly [hook: string, ...args: number[]])[] = [];
  let port: KernelPort | undefined;
  const module: KernelModule = {
    name: 'worker',
    attach(kernel) {
      port = kernel;
      kernel.registerSyscall(WORK, (thread, cpu) =>
        kernel.work.runOn(thread, cpu, () => act(kernel.work)),
      );
      return {
        switchedOut: (thread, reason) => void calls.push(['out', thread, reason]),
        switchedIn: (thread, cpu) => void calls.push(['in', thread, cpu]),
      };
    },
  };
  const scripted = new ScriptedMachine({ cpus: 2, kernel: [module], ...config });
  scripted.process.allocate(8192);
  return { scripted, calls, port: port! };
}

describe('work that a module does for a thread', () => {
  it('moves the thread, and interrupts what runs there as a stopper thread does', () => {
    const { scripted, calls } = working(() => 7);
    const results: number[] = [];
    scripted.process.spawn(
      function* other(t) {
        for (let i = 0; i < 3; i++) yield* t.fence();
      },
      { cpu: 1 },
    );
    scripted.decide(step(1));
    scripted.process.spawn(
      function* caller(t) {
        results.push(yield* t.syscall(WORK, 1));
      },
      { cpu: 0 },
    );
    scripted.decide();
    calls.length = 0;
    scripted.decide(step(0));
    expect(calls).toEqual([
      ['out', 1, SwitchReason.Migrated],
      ['out', 0, SwitchReason.Preempted],
      ['in', 0, 1],
    ]);
    expect([...scripted.machine.threads.cpu.subarray(0, 2)]).toEqual([1, 1]);
    expect(scripted.machine.cpus.current[1]).toBe(0);
  });

  it('accesses 1 to 8 bytes, and fails where the thread could not', () => {
    const seen: unknown[] = [];
    const { scripted } = working((work) => {
      work.store(DATA, 8, 0x11223344, 0x55667788);
      seen.push(work.failed, work.load(DATA + 1, 2), work.load(DATA, 8), work.high);
      work.store(DATA + 4094, 4, -1, 0);
      seen.push(work.load(DATA + 4094, 4) | 0, work.load(DATA + 4093, 1));
      work.load(UNMAPPED, 4);
      seen.push(work.failed, work.pin(DATA, true), work.pin(UNMAPPED, false));
      work.store(0x400000, 4, 0, 0);
      seen.push(work.failed, work.pin(0x400000, true), work.pin(0x400000, false));
      return 0;
    });
    scripted.process.spawn(function* caller(t) {
      yield* t.syscall(WORK, 0);
    });
    for (let i = 0; i < 5; i++) scripted.decide(step(0));
    expect(seen).toEqual([
      ...[false, 0x2233, 0x11223344, 0x55667788],
      ...[-1, 0],
      ...[true, true, false],
      ...[true, false, true],
    ]);
  });

  it('is charged to the CPU that works, access by access', () => {
    const cost = { cost: XEON_E5_2630V3 };
    const clockAfter = (act: (work: KernelWorkPort) => number): number => {
      const { scripted } = working(act, cost);
      scripted.process.spawn(
        function* caller(t) {
          yield* t.syscall(WORK, 1);
        },
        { cpu: 0 },
      );
      scripted.decide(step(0));
      return scripted.machine.cpus.cycles[1]!;
    };
    const { costs } = XEON_E5_2630V3;
    const nothing = clockAfter(() => 0);
    const charged = clockAfter((work) => {
      work.charge(CostKind.Atomic, 3);
      work.fence();
      return 0;
    });
    expect(charged - nothing).toBe(3 * costs.Atomic.cycles + costs.FullFence.cycles);
    const accessed = clockAfter((work) => {
      for (let i = 0; i < 3; i++) work.load(DATA, 4);
      return 0;
    });
    const warm = 3 * (costs.Instruction.cycles + costs.LoadHit.cycles);
    expect(accessed - nothing).toBeGreaterThan(warm);
    expect(accessed - nothing - warm).toBeLessThanOrEqual(costs.MemoryFetch.cycles);
  });
});
