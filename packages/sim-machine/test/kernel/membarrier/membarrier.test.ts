import { beforeEach, describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { StateArena } from '../../../src/base/state-arena.js';
import { CpuTable } from '../../../src/cpu/cpu-table.js';
import { HookPoints } from '../../../src/kernel/hooks.js';
import { MarkedCpus } from '../../../src/kernel/marked-cpus.js';
import { Membarrier } from '../../../src/kernel/membarrier/membarrier.js';
import {
  MEMBARRIER_FLAG_CPU,
  MembarrierCommand,
} from '../../../src/kernel/membarrier/membarrier-command.js';
import { ThreadTable } from '../../../src/kernel/thread-table.js';

const {
  Query,
  Global,
  GlobalExpedited,
  RegisterGlobalExpedited,
  PrivateExpedited,
  RegisterPrivateExpedited,
  PrivateExpeditedSyncCore,
  RegisterPrivateExpeditedSyncCore,
  PrivateExpeditedRseq,
  RegisterPrivateExpeditedRseq,
  GetRegistrations,
} = MembarrierCommand;

/** CPU ids are sparse. Threads 0, 1 and 2 are of process 0 and run on CPUs 0, 2 and 3; 3 is of process 1, on CPU 5. */
const CPUS = [0, 2, 3, 5, 7];

let cpus: CpuTable;
let membarrier: Membarrier;
let threadCount: number;
let hasRseq: boolean;
/** What happened to which CPU: `i` an interrupt, `w` a wait until others had theirs, `d` its stores drained, `a` its section aborted. */
let log: string[];

beforeEach(() => {
  const arena = new StateArena();
  cpus = new CpuTable(arena, CPUS, () => 0);
  const threads = new ThreadTable(arena, 6, cpus.capacity);
  for (const [thread, [process, cpu]] of [
    [0, 0],
    [0, 2],
    [0, 3],
    [1, 5],
  ].entries() as IterableIterator<[number, [number, number]]>) {
    threads.process[thread] = process;
    threads.cpu[thread] = cpu;
    cpus.current[cpu] = thread;
  }
  for (const cpu of CPUS) cpus.online[cpu] = 1;
  threadCount = 3;
  hasRseq = true;
  log = [];
  const hooks = new HookPoints();
  hooks.attach({ membarrierRseq: (thread) => log.push(`a${threads.cpu[thread]}`) });
  membarrier = new Membarrier(
    {
      arena,
      threads,
      cpus,
      hooks,
      marked: new MarkedCpus(cpus.capacity),
      threadCount: () => threadCount,
      drain: (cpu) => log.push(`d${cpu}`),
      interrupt: (cpu) => log.push(`i${cpu}`),
      acknowledged: (cpu) => log.push(`w${cpu}`),
      hasRseq: () => hasRseq,
    },
    4,
  );
});

/** A command of thread 0, on CPU 0. */
function command(which: number, flags = 0, cpu = 0): number {
  log.length = 0;
  return membarrier.command(0, which, flags, cpu);
}

describe('membarrier', () => {
  it.each([
    ['an unknown command', 1 << 10, 0],
    ['two commands at once', PrivateExpedited | RegisterPrivateExpedited, 0],
    ['a negative command', -1, 0],
    ['a flag for QUERY', Query, 1],
    ['the CPU flag for PRIVATE_EXPEDITED', PrivateExpedited, MEMBARRIER_FLAG_CPU],
    ['the CPU flag for a registration', RegisterPrivateExpeditedRseq, MEMBARRIER_FLAG_CPU],
    ['an unknown flag', PrivateExpeditedRseq, 2],
    ['an unknown flag beside the CPU flag', PrivateExpeditedRseq, 3],
  ] as const)('returns -EINVAL for %s', (_name, which, flags) => {
    expect(command(which, flags)).toBe(-Errno.EINVAL);
    expect(log).toEqual([]);
  });

  it.each([PrivateExpedited, PrivateExpeditedSyncCore, PrivateExpeditedRseq])(
    'returns -EPERM for command %i without its registration',
    (which) => {
      for (const other of [
        RegisterPrivateExpedited,
        RegisterPrivateExpeditedSyncCore,
        RegisterPrivateExpeditedRseq,
      ])
        if (other !== which << 1) expect(command(other)).toBe(0);
      expect(command(which)).toBe(-Errno.EPERM);
      expect(log).toEqual([]);
      expect(command(which << 1)).toBe(0);
      expect(command(which)).toBe(0);
    },
  );

  it('lists its commands, those on rseq only where there is rseq', () => {
    expect(command(Query)).toBe(1023);
    hasRseq = false;
    expect(command(Query)).toBe(1023 & ~(PrivateExpeditedRseq | RegisterPrivateExpeditedRseq));
    expect(command(PrivateExpeditedRseq)).toBe(-Errno.EINVAL);
    expect(command(RegisterPrivateExpeditedRseq)).toBe(-Errno.EINVAL);
  });

  it('lists what was registered, with the plain registration that the others include', () => {
    expect(command(GetRegistrations)).toBe(0);
    command(RegisterPrivateExpeditedRseq);
    expect(command(GetRegistrations)).toBe(RegisterPrivateExpeditedRseq | RegisterPrivateExpedited);
    command(RegisterGlobalExpedited);
    expect(command(GetRegistrations)).toBe(
      RegisterPrivateExpeditedRseq | RegisterPrivateExpedited | RegisterGlobalExpedited,
    );
  });

  it('PRIVATE_EXPEDITED interrupts the other CPUs that run the process', () => {
    command(RegisterPrivateExpedited);
    expect(command(PrivateExpedited)).toBe(0);
    expect(log).toEqual(['d0', 'i2', 'd2', 'i3', 'd3', 'w0', 'd0']);
  });

  it('PRIVATE_EXPEDITED_SYNC_CORE interrupts its own CPU as well', () => {
    command(RegisterPrivateExpeditedSyncCore);
    command(PrivateExpeditedSyncCore);
    expect(log).toEqual(['d0', 'i0', 'd0', 'i2', 'd2', 'i3', 'd3', 'w0', 'd0']);
  });

  it('PRIVATE_EXPEDITED_RSEQ aborts the sections of siblings, not the caller', () => {
    command(RegisterPrivateExpeditedRseq);
    command(PrivateExpeditedRseq);
    expect(log).toEqual(['d0', 'i2', 'd2', 'a2', 'i3', 'd3', 'a3', 'w0', 'd0']);
  });

  it.each([
    ['a CPU that runs the process', 3, ['d0', 'i3', 'd3', 'a3', 'w0', 'd0']],
    ['its own CPU', 0, ['d0', 'i0', 'd0', 'a0', 'w0', 'd0']],
    ['a CPU that runs another process', 5, ['d0', 'd0']],
    ['an idle CPU', 7, ['d0', 'd0']],
    ['a CPU that is not possible', 4, ['d0', 'd0']],
    ['a CPU beyond all', 4000, ['d0', 'd0']],
    ['a negative CPU: all', -1, ['d0', 'i2', 'd2', 'a2', 'i3', 'd3', 'a3', 'w0', 'd0']],
  ] as const)('with the CPU flag reaches %s', (_name, cpu, expected) => {
    command(RegisterPrivateExpeditedRseq);
    expect(command(PrivateExpeditedRseq, MEMBARRIER_FLAG_CPU, cpu)).toBe(0);
    expect(log).toEqual(expected);
  });

  it('with the CPU flag reaches no offline CPU', () => {
    command(RegisterPrivateExpeditedRseq);
    cpus.online[3] = 0;
    cpus.current[3] = -1;
    expect(command(PrivateExpeditedRseq, MEMBARRIER_FLAG_CPU, 3)).toBe(0);
    expect(log).toEqual(['d0', 'd0']);
  });

  it.each([PrivateExpedited, PrivateExpeditedRseq])(
    'command %i interrupts nobody when the process has one thread',
    (which) => {
      command(which << 1);
      threadCount = 1;
      expect(command(which)).toBe(0);
      expect(log).toEqual([]);
    },
  );

  it.each([PrivateExpedited, PrivateExpeditedRseq, Global, GlobalExpedited])(
    'command %i interrupts nobody when one CPU is online',
    (which) => {
      command(RegisterPrivateExpedited);
      command(RegisterPrivateExpeditedRseq);
      for (const cpu of CPUS) if (cpu !== 0) cpus.online[cpu] = 0;
      expect(command(which)).toBe(0);
      expect(log).toEqual([]);
    },
  );

  it('SYNC_CORE interrupts its own CPU even when the process has one thread', () => {
    command(RegisterPrivateExpeditedSyncCore);
    threadCount = 1;
    for (const cpu of [2, 3]) cpus.current[cpu] = -1;
    command(PrivateExpeditedSyncCore);
    expect(log).toEqual(['d0', 'i0', 'd0', 'w0', 'd0']);
  });

  it('GLOBAL_EXPEDITED interrupts CPUs of registered processes, and needs no registration', () => {
    expect(command(GlobalExpedited)).toBe(0);
    expect(log).toEqual(['d0', 'd0']);
    membarrier.command(3, RegisterGlobalExpedited, 0, 0);
    command(GlobalExpedited);
    expect(log).toEqual(['d0', 'i5', 'd5', 'w0', 'd0']);
  });

  it('GLOBAL drains every online CPU', () => {
    cpus.online[7] = 0;
    command(Global);
    expect(log).toEqual(['d0', 'd2', 'd3', 'd5', 'd0']);
  });

  it('registering twice does nothing the second time', () => {
    command(RegisterPrivateExpedited);
    expect(log).toEqual(['d0', 'i0', 'd0', 'i2', 'd2', 'i3', 'd3', 'w0', 'd0']);
    expect(command(RegisterPrivateExpedited)).toBe(0);
    expect(log).toEqual([]);
  });

  it('a forked process is registered as its parent was; exec and exit forget', () => {
    command(RegisterPrivateExpedited);
    membarrier.hooks.forked?.(0, 3);
    expect(membarrier.command(3, PrivateExpedited, 0, 0)).toBe(0);
    membarrier.hooks.execed?.(3);
    expect(membarrier.command(3, PrivateExpedited, 0, 0)).toBe(-Errno.EPERM);
    membarrier.hooks.addressSpaceTornDown?.(0);
    expect(command(PrivateExpedited)).toBe(-Errno.EPERM);
  });
});
