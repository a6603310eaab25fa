import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import {
  kill,
  pause,
  sigaction,
  signalSet,
  sigprocmask,
} from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import type { SignalEventAction } from '../../../src/observe/machine-events.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGTERM, SIGKILL, SIGQUIT, SIGCHLD } = SignalNumber;
const { SIG_BLOCK, SIG_UNBLOCK } = SignalMaskHow;

function* spin(t: Thread, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(t.stackPointer - 64);
}

function laboratory(cpus = 3): Laboratory {
  return Laboratory.timed({ cpus }, { quantumCycles: 20 });
}

describe('a signal for a process', () => {
  it('goes to the leader when it admits the signal', () => {
    const lab = laboratory();
    const takers: string[] = [];
    for (const name of ['leader', 'other'])
      lab.spawn(
        function* (t) {
          if (name === 'leader')
            yield* sigaction(t, SIGUSR1, function* (h) {
              takers.push(h.name);
            });
          yield* spin(t, 3000);
        },
        { name },
      );
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGUSR1);
    });
    lab.finish();
    expect(takers).toEqual(['leader']);
  });

  it('goes to another thread when the leader blocks it', () => {
    const lab = laboratory();
    const takers: string[] = [];
    lab.spawn(
      function* (t) {
        yield* sigaction(t, SIGUSR1, function* (h) {
          takers.push(h.name);
        });
        yield* sigprocmask(t, SIG_BLOCK, signalSet(SIGUSR1));
        yield* kill(t, lab.process.pid, SIGUSR1);
        yield* spin(t, 1000);
      },
      { name: 'leader' },
    );
    lab.spawn((t) => spin(t, 1000), { name: 'other' });
    lab.finish();
    expect(takers).toEqual(['other']);
  });

  it('waits until a thread unblocks it, when all block it', () => {
    const lab = laboratory();
    const order: string[] = [];
    lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {
        order.push('handler');
      });
      yield* sigprocmask(t, SIG_BLOCK, signalSet(SIGUSR1));
      yield* kill(t, lab.process.pid, SIGUSR1);
      order.push('blocked');
      yield* sigprocmask(t, SIG_UNBLOCK, signalSet(SIGUSR1));
      order.push('after');
    });
    expect(order).toEqual(['blocked', 'handler', 'after']);
  });

  it('is left to others by a thread that begins to block it before it acted', () => {
    const lab = laboratory();
    const takers: string[] = [];
    lab.spawn(
      function* (t) {
        yield* sigaction(t, SIGTERM, function* (h) {
          takers.push(h.name);
        });
        yield* sigaction(t, SIGUSR1, (h) => spin(h, 2000), { mask: signalSet(SIGTERM) });
        yield* spin(t, 5000);
      },
      { name: 'leader' },
    );
    lab.spawn((t) => pause(t), { name: 'other' });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* t.syscall(SyscallNumber.tkill, lab.process.pid, SIGUSR1);
      yield* kill(t, lab.process.pid, SIGTERM);
    });
    lab.finish();
    expect(takers).toEqual(['other']);
  });

  it('wakes a sleeping thread that admits it', () => {
    const lab = laboratory();
    let result = 0;
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {});
      result = yield* pause(t);
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGUSR1);
    });
    lab.finish();
    expect(result).toBe(-4);
  });

  it.each([SIGTERM, SIGKILL, SIGQUIT])('%i ends all its threads by default', (signal) => {
    const lab = laboratory();
    const exits: number[] = [];
    lab.machine.events.on('exit', ({ status }) => exits.push(status));
    lab.spawn((t) => spin(t, 1e9));
    lab.spawn((t) => pause(t));
    lab.spawn((t) => t.syscall(SyscallNumber.futex, lab.word(), 0, 0, 0));
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, signal);
    });
    lab.finish();
    expect(exits.filter((status) => status === signal)).toHaveLength(3);
    expect(lab.process.exitStatus).toBe(signal);
  });

  it('of its group reaches it by pid 0 and by the negative group', () => {
    const lab = laboratory(1);
    const hits: number[] = [];
    lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {
        hits.push(1);
      });
      yield* kill(t, 0, SIGUSR1);
      yield* kill(t, -lab.process.pid, SIGUSR1);
    });
    expect(hits).toHaveLength(2);
  });
});

describe('Process.kill', () => {
  it('sends a signal from outside, which a handler takes', () => {
    const lab = new Laboratory({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const seen: number[] = [];
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (_, signal, { code, origin }) {
        seen.push(signal, code, origin);
      });
      yield* spin(t, 20);
    });
    lab.machine.run({ decisions: 15 });
    lab.process.kill(SIGUSR1);
    expect(seen).toEqual([]);
    lab.finish();
    expect(seen).toEqual([SIGUSR1, 0, 0]);
  });

  it('ends a process that was never run', () => {
    const lab = laboratory(1);
    lab.spawn((t) => spin(t, 10));
    lab.process.kill(SIGKILL);
    lab.finish();
    expect(lab.process.exitStatus).toBe(SIGKILL);
  });
});

describe('the event signal', () => {
  it('tells what became of every signal', () => {
    const lab = laboratory(1);
    const events: [number, SignalEventAction][] = [];
    lab.machine.events.on('signal', ({ signal, action }) => events.push([signal, action]));
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {});
      for (const signal of [SIGUSR1, SIGCHLD, SIGTERM]) yield* kill(t, lab.process.pid, signal);
    });
    lab.finish();
    expect(events).toEqual([
      [SIGUSR1, 'sent'],
      [SIGUSR1, 'handled'],
      [SIGCHLD, 'ignored'],
      [SIGTERM, 'sent'],
      [SIGTERM, 'default'],
    ]);
  });
});
