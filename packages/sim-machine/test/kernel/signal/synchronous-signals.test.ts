import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { sigaction, signalSet, sigprocmask } from '../../../src/kernel/libc/signals.js';
import { SignalContext } from '../../../src/kernel/signal/signal-frame.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { Laboratory } from '../program-fixture.js';

const { SIGSEGV, SIGILL, SIGTRAP } = SignalNumber;
const UNMAPPED = 0x30000000;

function status(program: Parameters<Laboratory['spawn']>[0]): number {
  const lab = new Laboratory({ cpus: 1 });
  lab.spawn(program);
  lab.finish();
  return lab.process.exitStatus;
}

describe('a signal that an instruction causes', () => {
  it('is SIGSEGV for a bad address, and the handler can repair it', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word(77);
    const seen = lab.run(function* (t) {
      const told: number[] = [];
      yield* sigaction(t, SIGSEGV, function* (h, _, { context, origin, code }) {
        told.push(origin, code);
        yield* h.store(context + SignalContext.Registers + 4, word);
      });
      told.push(yield* t.load(UNMAPPED + 8));
      return told;
    });
    expect(seen).toEqual([UNMAPPED + 8, SignalCode.SEGV_MAPERR, 77]);
  });

  it.each([
    ['an unmapped address', SIGSEGV, 0],
    ['an illegal instruction', SIGILL, 1],
    ['a breakpoint', SIGTRAP, 2],
  ])('ends the process by default: %s is signal %i', (_, signal, kind) => {
    const lab = new Laboratory({ cpus: 1 });
    const program = lab.machine.install(
      new ProgramBuilder('bad').label('illegal').word(0).ret().label('break').brk().ret().build(),
    );
    lab.spawn(function* (t) {
      if (kind === 0) yield* t.load(UNMAPPED);
      else yield* t.call(program.routine(kind === 1 ? 'illegal' : 'break'));
    });
    lab.finish();
    expect(lab.process.exitStatus).toBe(signal);
  });

  it('ends the process although it is blocked or ignored', () => {
    const blocked = status(function* (t) {
      yield* sigaction(t, SIGSEGV, function* () {});
      yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet(SIGSEGV));
      yield* t.load(UNMAPPED);
    });
    const ignored = status(function* (t) {
      yield* sigaction(t, SIGSEGV, 'ignore');
      yield* t.load(UNMAPPED);
    });
    expect([blocked, ignored]).toEqual([SIGSEGV, SIGSEGV]);
  });

  it('in its own handler ends the process', () => {
    const result = status(function* (t) {
      yield* sigaction(t, SIGSEGV, function* (h) {
        yield* h.load(UNMAPPED);
      });
      yield* t.load(UNMAPPED);
    });
    expect(result).toBe(SIGSEGV);
  });
});
