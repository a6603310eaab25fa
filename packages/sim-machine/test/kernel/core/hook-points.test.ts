import { describe, expect, it } from 'vitest';
import { KernelEntry, SwitchReason } from '../../../src/kernel/exit-work.js';
import { HookPoints } from '../../../src/kernel/hooks.js';
import type { KernelHooks } from '../../../src/kernel/hooks.js';

type Call = readonly [who: string, hook: string, ...args: readonly number[]];

/** Hooks that note every call. */
function recording(who: string, calls: Call[]): Required<KernelHooks> {
  const note =
    (hook: string) =>
    (...args: number[]): false => {
      calls.push([who, hook, ...args]);
      return false;
    };
  return {
    reset: note('reset'),
    switchedOut: note('switchedOut'),
    switchedIn: note('switchedIn'),
    migrated: note('migrated'),
    returnsAlone: true,
    returnToUser: note('returnToUser'),
    settleEarly: note('settleEarly'),
    continuesAt: () => {
      calls.push([who, 'continuesAt']);
      return who === 'b' ? 8 : 0;
    },
    beforeSignalFrame: note('beforeSignalFrame'),
    syscallEnter: note('syscallEnter'),
    syscallExit: note('syscallExit'),
    extendsSlice: note('extendsSlice'),
    cloned: note('cloned'),
    forked: note('forked'),
    execed: note('execed'),
    exited: note('exited'),
    addressSpaceTornDown: note('addressSpaceTornDown'),
    membarrierRseq: note('membarrierRseq'),
    threadStart: note('threadStart'),
  };
}

function callAll(hooks: HookPoints): void {
  hooks.reset();
  hooks.switchedOut(1, SwitchReason.Blocked);
  hooks.switchedIn(2, 3);
  hooks.migrated(4, 5, 6);
  hooks.returnToUser(7, KernelEntry.Fault);
  hooks.beforeSignalFrame(8, 9);
  hooks.syscallExit(10);
  hooks.cloned(11, 12);
  hooks.forked(13, 14);
  hooks.execed(15);
  hooks.exited(16);
  hooks.addressSpaceTornDown(17);
  hooks.membarrierRseq(18);
  hooks.threadStart(19);
  hooks.syscallEnter(20, 21);
  hooks.extendsSlice(22, 2);
  hooks.settleEarly(23);
}

const EXPECTED = [
  ['reset'],
  ['switchedOut', 1, SwitchReason.Blocked],
  ['switchedIn', 2, 3],
  ['migrated', 4, 5, 6],
  ['returnToUser', 7, KernelEntry.Fault],
  ['beforeSignalFrame', 8, 9],
  ['syscallExit', 10],
  ['cloned', 11, 12],
  ['forked', 13, 14],
  ['execed', 15],
  ['exited', 16],
  ['addressSpaceTornDown', 17],
  ['membarrierRseq', 18],
  ['threadStart', 19],
  ['syscallEnter', 20, 21],
  ['extendsSlice', 22, 2],
  ['settleEarly', 23],
] as const;

describe('HookPoints', () => {
  it('calls every hook of a module with its arguments', () => {
    const calls: Call[] = [];
    const hooks = new HookPoints();
    hooks.attach(recording('a', calls));
    callAll(hooks);
    expect(calls).toEqual(EXPECTED.map((call) => ['a', ...call]));
  });

  it('calls modules in the order in which they were attached', () => {
    const calls: Call[] = [];
    const hooks = new HookPoints();
    hooks.attach(recording('a', calls));
    hooks.attach(recording('b', calls));
    hooks.exited(1);
    expect(calls.map(([who]) => who)).toEqual(['a', 'b']);
  });

  it('asks where a thread would go on until a module knows', () => {
    const calls: Call[] = [];
    const hooks = new HookPoints();
    for (const who of ['a', 'b', 'c']) hooks.attach(recording(who, calls));
    expect(hooks.continuesAt(1)).toBe(8);
    expect(calls.map(([who]) => who)).toEqual(['a', 'b']);
  });

  it('extends a slice when any module says so, and asks no other then', () => {
    const hooks = new HookPoints();
    const asked: string[] = [];
    const answer = (who: string, extended: boolean): void => {
      hooks.attach({
        extendsSlice: () => {
          asked.push(who);
          return extended;
        },
      });
    };
    expect(hooks.extendsSlice(1, 0)).toBe(false);
    answer('a', false);
    expect(hooks.extendsSlice(1, 0)).toBe(false);
    answer('b', true);
    answer('c', false);
    asked.length = 0;
    expect(hooks.extendsSlice(1, 0)).toBe(true);
    expect(asked).toEqual(['a', 'b']);
  });

  it('does nothing where a module has no hook', () => {
    const hooks = new HookPoints();
    hooks.attach({});
    expect(() => {
      callAll(hooks);
    }).not.toThrow();
  });
});
