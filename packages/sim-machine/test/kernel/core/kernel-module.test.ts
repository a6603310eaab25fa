import { describe, expect, it } from 'vitest';
import { KernelEntry, SwitchReason } from '../../../src/kernel/exit-work.js';
import type { KernelHooks } from '../../../src/kernel/hooks.js';
import type { KernelModule, KernelPort } from '../../../src/kernel/kernel-module.js';
import { exec, fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { pthreadCreate, pthreadJoin } from '../../../src/kernel/libc/threads.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SLEEPING } from '../../../src/kernel/syscalls/syscall-table.js';
import type { MachineConfig } from '../../../src/machine-config.js';
import { ScriptedMachine, migrate, offline, preempt, step } from './scripted-machine.js';

type Call = readonly [hook: string, ...args: readonly number[]];

/** A module that notes the hooks it is given by name, and a machine that has it. */
class Observed {
  readonly calls: Call[] = [];
  readonly scripted: ScriptedMachine;
  port!: KernelPort;

  constructor(
    hooks: readonly (keyof KernelHooks)[],
    config: MachineConfig = {},
    more: (port: KernelPort) => KernelHooks = () => ({}),
  ) {
    const module: KernelModule = {
      name: 'observer',
      attach: (port) => {
        this.port = port;
        const noting = hooks.map((hook) => [
          hook,
          (...args: number[]): void => void this.calls.push([hook, ...args]),
        ]);
        return { ...(Object.fromEntries(noting) as KernelHooks), ...more(port) };
      },
    };
    this.scripted = new ScriptedMachine({ cpus: 2, kernel: [module], ...config });
  }

  /** What was noted since the last call of this. */
  take(): Call[] {
    return this.calls.splice(0);
  }
}

describe('a kernel module', () => {
  it('sees threads start, in their own context and before their first instruction', () => {
    const seen: number[] = [];
    const { scripted, calls } = new Observed(['threadStart', 'switchedIn'], {}, (port) => ({
      threadStart(thread) {
        seen.push(port.user.get32(port.threads.registers[thread * 32 + 14]!));
      },
    }));
    scripted.process.spawn(function* body() {});
    expect(seen).toEqual([0]);
    expect(calls).toEqual([]);
    scripted.decide();
    expect(calls).toEqual([['switchedIn', 0, 0]]);
  });

  it('sees threads leave their CPU, with the reason, and others take it', () => {
    const observed = new Observed(['switchedOut', 'switchedIn', 'migrated']);
    const { scripted } = observed;
    for (let i = 0; i < 2; i++)
      scripted.process.spawn(
        function* body(t) {
          yield* t.fence();
          yield* t.fence();
        },
        { cpu: 0 },
      );
    scripted.decide();
    observed.take();
    scripted.decide(preempt(0, 1));
    expect(observed.take()).toEqual([
      ['switchedOut', 0, SwitchReason.Preempted],
      ['switchedIn', 1, 0],
    ]);
    scripted.decide(migrate(1, 1));
    const moved = observed.take();
    expect(moved.slice(0, 2)).toEqual([
      ['switchedOut', 1, SwitchReason.Migrated],
      ['migrated', 1, 0, 1],
    ]);
    expect(moved.slice(2).sort()).toEqual([
      ['switchedIn', 0, 0],
      ['switchedIn', 1, 1],
    ]);
    scripted.decide(step(1, 100));
    expect(observed.take()).toEqual([['switchedOut', 1, SwitchReason.Exited]]);
  });

  it('is told of a return to user mode once for every time it asked, and how the kernel was entered', () => {
    const entries: number[] = [];
    const { scripted, port } = new Observed([], {}, (given) => {
      given.registerSyscall(400, (thread) => {
        given.notifyResume(thread);
        return 5;
      });
      return { returnToUser: (_thread, entry) => void entries.push(entry) };
    });
    const results: number[] = [];
    scripted.process.spawn(function* body(t) {
      results.push(yield* t.syscall(400));
      yield* t.fence();
      yield* t.load(t.stackPointer - 4);
    });
    scripted.decide(step(0));
    expect(entries).toEqual([KernelEntry.Syscall]);
    expect(results).toEqual([5]);
    port.notifyResume(0);
    scripted.decide(migrate(0, 1));
    expect(entries).toEqual([KernelEntry.Syscall, KernelEntry.Interrupt]);
    scripted.decide(step(1), step(1));
    expect(entries).toHaveLength(2);
  });

  it('adds system calls, which programs reach by number with six arguments', () => {
    const seen: number[][] = [];
    const { scripted } = new Observed([], {}, (port) => {
      port.registerSyscall(401, (...args) => {
        seen.push(args);
        return args[1] + args[6];
      });
      return {};
    });
    const results: number[] = [];
    scripted.process.spawn(function* body(t) {
      results.push(yield* t.syscall(401, 1, 2, 3, 4, 5, 6), yield* t.syscall(402));
    });
    scripted.finish();
    expect(seen).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
    expect(results).toEqual([7, -38]);
  });

  it.each([-1, 512])('may not add a system call of number %i', (number) => {
    const build = (): unknown =>
      new Observed([], {}, (port) => {
        port.registerSyscall(number, () => 0);
        return {};
      });
    expect(build).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: `expected a system call number from 0 to 511, got ${number}`,
      }),
    );
  });

  it('sees the end of every system call, also of one that sleeps or makes the thread exit', () => {
    const observed = new Observed(['syscallExit', 'exited'], {}, (port) => {
      port.registerSyscall(403, () => SLEEPING);
      return {};
    });
    observed.scripted.process.spawn(function* body(t) {
      yield* t.syscall(403);
    });
    observed.scripted.decide(step(0), step(0));
    expect(observed.take()).toEqual([
      ['syscallExit', 0],
      ['exited', 0],
    ]);
  });

  it('sends signals that the thread cannot refuse', () => {
    const { scripted } = new Observed([], {}, (port) => {
      port.registerSyscall(404, (thread) => {
        port.forceSignal(thread, SignalNumber.SIGSEGV);
        return 0;
      });
      return {};
    });
    scripted.process.spawn(function* body(t) {
      yield* t.syscall(404);
      throw new Error('lived on');
    });
    expect(scripted.decide(step(0))).toBe('finished');
    expect(scripted.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it('sees threads and processes being made, replaced and torn down', () => {
    const hooks = ['cloned', 'forked', 'execed', 'exited', 'addressSpaceTornDown', 'threadStart'];
    const observed = new Observed(hooks as (keyof KernelHooks)[], { cpus: 1 });
    const { scripted } = observed;
    scripted.process.spawn(function* parent(t) {
      const thread = yield* pthreadCreate(t, function* sibling() {});
      if (typeof thread !== 'number') yield* pthreadJoin(t, thread);
      const pid = yield* fork(t, function* child(self) {
        yield* exec(self, function* replaced() {});
      });
      yield* waitpid(t, pid);
    });
    while (scripted.decide(step(0, 500)) !== 'finished');
    expect(observed.take()).toEqual([
      ['threadStart', 0],
      ['cloned', 0, 1],
      ['threadStart', 1],
      ['exited', 1],
      ['forked', 0, 1],
      ['addressSpaceTornDown', 1],
      ['execed', 1],
      ['threadStart', 1],
      ['exited', 1],
      ['addressSpaceTornDown', 1],
      ['exited', 0],
      ['addressSpaceTornDown', 0],
    ]);
  });

  it('has its own reset called when the machine is reset', () => {
    const observed = new Observed(['reset']);
    expect(observed.take()).toEqual([['reset']]);
  });

  it('makes system calls for a thread that starts, without disturbing the one that makes it', () => {
    for (const memory of ['sc', 'tso'] as const) {
      const { scripted } = new Observed([], { cpus: 3, memory }, (port) => {
        port.registerSyscall(405, (thread, address) => {
          port.user.put32(address, thread + 1);
          return 0;
        });
        return {
          threadStart(thread) {
            port.syscallFor(thread, 405, port.threads.registers[thread * 32 + 14]!);
          },
        };
      });
      const word = scripted.word();
      scripted.process.spawn(function* idle(t) {
        for (;;) yield* t.fence();
      });
      const seen: number[] = [];
      scripted.process.spawn(function* parent(t) {
        yield* t.store(word, 1);
        const made = yield* pthreadCreate(t, function* child(self) {
          seen.push(yield* self.load(self.threadPointer));
        });
        yield* t.store(word, 2);
        seen.push(yield* t.load(word), typeof made === 'number' ? made : 0);
      });
      const accesses = scripted.heard('access');
      scripted.decide(step(1, 1000));
      expect(seen).toEqual([2, 0]);
      const ownWord = accesses.filter(({ value }) => value === 2 || value === 1);
      expect(new Set(ownWord.map(({ thread, cpu }) => `${thread} on ${cpu}`))).toEqual(
        new Set(['1 on 1']),
      );
      scripted.decide(step(2, 1000));
      expect(seen).toEqual([2, 0, 3]);
    }
  });

  it('sees a migration when a CPU goes offline under a thread', () => {
    const observed = new Observed(['migrated']);
    observed.scripted.process.spawn(function* body(t) {
      yield* t.fence();
    });
    observed.scripted.decide(offline(0));
    expect(observed.take()).toEqual([['migrated', 0, 0, 1]]);
  });
});
