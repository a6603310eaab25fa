import { describe, expect, it } from 'vitest';
import { fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { kill, sigaction, signalSet, sigprocmask } from '../../../src/kernel/libc/signals.js';
import { pthreadCreate } from '../../../src/kernel/libc/threads.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { WaitOption } from '../../../src/kernel/process/child-wait.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { Laboratory } from '../program-fixture.js';

const { SIGSTOP, SIGTSTP, SIGCONT, SIGTERM, SIGKILL, SIGUSR1, SIGCHLD } = SignalNumber;
const { WUNTRACED, WCONTINUED, WNOHANG } = WaitOption;

function* spin(t: Thread, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(t.stackPointer - 64);
}

function laboratory(cpus = 3): Laboratory {
  return Laboratory.timed({ cpus }, { quantumCycles: 20 });
}

/** Two threads that count, and a process outside that does something to them. */
function control(script: (t: Thread, read: () => number[]) => Operation<unknown>): Laboratory {
  const lab = laboratory(3);
  const words = [lab.word(), lab.word()];
  for (const word of words)
    lab.spawn(function* (t) {
      for (let i = 0; i < 100_000; i++) yield* t.fetchAdd(word, 1);
    });
  lab.machine.createProcess('outside').spawn(function* (t) {
    yield* spin(t, 2000);
    yield* script(t, () => words.map((word) => lab.process.read32(word)));
    yield* kill(t, lab.process.pid, SIGKILL);
  });
  lab.finish();
  return lab;
}

describe('SIGSTOP', () => {
  it('stops every thread of the process, and SIGCONT lets all go on', () => {
    const readings: number[][] = [];
    control(function* (t, read) {
      yield* kill(t, 100, SIGSTOP);
      yield* spin(t, 1000);
      readings.push(read());
      yield* spin(t, 2000);
      readings.push(read());
      yield* kill(t, 100, SIGCONT);
      yield* spin(t, 2000);
      readings.push(read());
    });
    const [stopped, still, after] = readings;
    expect(stopped).toEqual(still);
    expect(after![0]).toBeGreaterThan(still![0]!);
    expect(after![1]).toBeGreaterThan(still![1]!);
  });

  it('cannot be blocked, and leaves threads in the state Stopped', () => {
    const lab = laboratory(2);
    const states: number[] = [];
    lab.spawn(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, { low: -1, high: -1 });
      yield* spin(t, 10_000);
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGSTOP);
      yield* spin(t, 1000);
      states.push(lab.machine.threads.state[0]!);
      yield* kill(t, lab.process.pid, SIGCONT);
    });
    lab.finish();
    expect(states).toEqual([ThreadState.Stopped]);
  });

  it('does not keep SIGKILL from ending the process', () => {
    const lab = control(function* (t) {
      yield* kill(t, 100, SIGSTOP);
    });
    expect(lab.process.exitStatus).toBe(SIGKILL);
  });

  it('holds other signals back until SIGCONT', () => {
    const lab = laboratory(2);
    const order: string[] = [];
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {
        order.push('handler');
      });
      yield* spin(t, 5000);
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGSTOP);
      yield* kill(t, lab.process.pid, SIGUSR1);
      yield* spin(t, 1000);
      order.push('continue');
      yield* kill(t, lab.process.pid, SIGCONT);
    });
    lab.finish();
    expect(order).toEqual(['continue', 'handler']);
  });
});

describe('SIGCONT', () => {
  it('lets a process go on although it is blocked', () => {
    const lab = laboratory(2);
    lab.spawn(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, { low: -1, high: -1 });
      yield* spin(t, 5000);
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGSTOP);
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGCONT);
    });
    lab.finish();
    expect(lab.process.exitStatus).toBe(0);
  });

  it('runs its handler once the process goes on', () => {
    const lab = laboratory(2);
    let handled = 0;
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGCONT, function* () {
        handled += 1;
      });
      yield* spin(t, 5000);
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGSTOP);
      yield* spin(t, 1000);
      yield* kill(t, lab.process.pid, SIGCONT);
    });
    lab.finish();
    expect(handled).toBe(1);
  });

  it('takes pending stop signals away, and a stop signal takes it away', () => {
    const lab = laboratory(1);
    const seen = lab.run(function* (t) {
      const hits: string[] = [];
      for (const [signal, name] of [
        [SIGTSTP, 'stop'],
        [SIGCONT, 'continue'],
      ] as const)
        yield* sigaction(t, signal, function* () {
          hits.push(name);
        });
      const all = signalSet(SIGTSTP, SIGCONT);
      yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, all);
      yield* kill(t, lab.process.pid, SIGTSTP);
      yield* kill(t, lab.process.pid, SIGCONT);
      yield* sigprocmask(t, SignalMaskHow.SIG_UNBLOCK, all);
      yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, all);
      yield* kill(t, lab.process.pid, SIGCONT);
      yield* kill(t, lab.process.pid, SIGTSTP);
      yield* sigprocmask(t, SignalMaskHow.SIG_UNBLOCK, all);
      return hits;
    });
    expect(seen).toEqual(['continue', 'stop']);
  });
});

describe('wait4 of a child that is stopped and continued', () => {
  function family(options: number, noChildStop = false): unknown[] {
    const lab = laboratory(2);
    const log: unknown[] = [];
    lab.run(function* (t) {
      yield* sigaction(
        t,
        SIGCHLD,
        function* (_, __, { code, value }) {
          log.push(['SIGCHLD', code, value]);
        },
        { restart: true, noChildStop },
      );
      const child = yield* fork(t, (c) => spin(c, 1e9));
      for (const signal of [SIGTSTP, SIGCONT, SIGTERM]) {
        yield* kill(t, child, signal);
        yield* spin(t, 1000);
        const { pid, status } = yield* waitpid(t, child, options | WNOHANG);
        log.push(pid === child ? status : pid);
      }
      return log;
    });
    return log;
  }

  it('reports both where the options say so', () => {
    expect(family(WUNTRACED | WCONTINUED)).toEqual([
      ['SIGCHLD', SignalCode.CLD_STOPPED, SIGTSTP],
      { kind: 'stopped', signal: SIGTSTP, event: 0 },
      ['SIGCHLD', SignalCode.CLD_CONTINUED, SIGCONT],
      { kind: 'continued' },
      ['SIGCHLD', SignalCode.CLD_KILLED, SIGTERM],
      { kind: 'killed', signal: SIGTERM },
    ]);
  });

  it('tells a kill of a stopped child with several threads as that, not as another stop', () => {
    const lab = laboratory(3);
    const codes: number[] = [];
    lab.run(function* (t) {
      yield* sigaction(t, SIGCHLD, function* (_, __, { code }) {
        codes.push(code);
      });
      const child = yield* fork(t, function* (c) {
        yield* pthreadCreate(c, (w) => spin(w, 1e9));
        yield* spin(c, 1e9);
      });
      for (const signal of [SIGSTOP, SIGKILL]) {
        yield* spin(t, 2000);
        yield* kill(t, child, signal);
      }
      yield* spin(t, 2000);
    });
    expect(codes).toEqual([SignalCode.CLD_STOPPED, SignalCode.CLD_KILLED]);
  });

  it('reports neither without options, nor does SA_NOCLDSTOP', () => {
    expect(family(0, true)).toEqual([
      0,
      0,
      ['SIGCHLD', SignalCode.CLD_KILLED, SIGTERM],
      { kind: 'killed', signal: SIGTERM },
    ]);
  });
});
