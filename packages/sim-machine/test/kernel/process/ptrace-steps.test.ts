import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../src/isa/opcodes.js';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Registers } from '../../../src/isa/register.js';
import { exit, waitpid } from '../../../src/kernel/libc/processes.js';
import {
  cont,
  peekData,
  pokeData,
  ptrace,
  setRegisters,
  singleStep,
} from '../../../src/kernel/libc/ptrace.js';
import { sigaction } from '../../../src/kernel/libc/signals.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { PtraceRequest } from '../../../src/kernel/process/ptrace-request.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { DecisionKind, decisionKind, decisionX } from '../../../src/director/decision.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { Laboratory } from '../program-fixture.js';
import { laboratory, registersOf, STOPPED, tracedChild } from './traced-child.js';

const { SIGTRAP, SIGUSR1 } = SignalNumber;
const { r0, r1 } = Registers;

/** What nothing else in memory is. */
const MARK = 0x5eed;

describe('a debugged thread', () => {
  it('stops at a breakpoint, and goes on where its tracer says', () => {
    const lab = laboratory();
    const program = lab.machine.install(
      new ProgramBuilder('broken')
        .label('entry')
        .li(r0, 1)
        .brk()
        .addi(r0, r0, 10)
        .ret()
        .label('other')
        .addi(r0, r0, 20)
        .ret()
        .build(),
    );
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        yield* exit(c, yield* c.call(program.routine('entry')));
      });
      yield* cont(t, child);
      const results: unknown[] = [(yield* waitpid(t, child)).status];
      const before = yield* registersOf(t, child);
      results.push(before.ip - program.address, before.general[0]);
      const general = [...before.general];
      general[0] = 5;
      yield* setRegisters(t, child, { ...before, general, ip: program.addressOf('other') });
      yield* cont(t, child);
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    expect(seen).toEqual([{ ...STOPPED, signal: SIGTRAP }, 8, 1, { kind: 'exited', code: 25 }]);
  });

  it('stops at a breakpoint that its tracer puts into the text, and can be stepped over it', () => {
    const lab = laboratory();
    const program = lab.machine.install(
      new ProgramBuilder('text')
        .label('entry')
        .li(r0, 1)
        .addi(r0, r0, 10)
        .addi(r0, r0, 10)
        .ret()
        .build(),
    );
    const target = program.address + 4;
    const seen = lab.run(function* (t) {
      const results: unknown[] = [];
      const child = yield* tracedChild(t, function* (c) {
        let sum = 0;
        for (let i = 0; i < 3; i++) sum += yield* c.call(program.routine('entry'));
        yield* exit(c, sum);
      });
      const original = (yield* peekData(t, child, target)).value;
      yield* pokeData(t, child, target, OPCODES.brk);
      yield* cont(t, child);
      for (let i = 0; i < 2; i++) {
        results.push((yield* waitpid(t, child)).status);
        const registers = yield* registersOf(t, child);
        results.push(registers.ip - target);
        yield* setRegisters(t, child, { ...registers, ip: target });
        yield* pokeData(t, child, target, original);
        yield* singleStep(t, child);
        yield* waitpid(t, child);
        if (i === 0) yield* pokeData(t, child, target, OPCODES.brk);
        yield* cont(t, child);
      }
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    const stop = { ...STOPPED, signal: SIGTRAP };
    expect(seen).toEqual([stop, 4, stop, 4, { kind: 'exited', code: 63 }]);
  });

  it('executes an instruction of a SINGLESTEP by a decision, also one that got a CPU', () => {
    const drawn = new RandomDirector({ seed: 1 });
    let running = -1;
    const { name, scheduling, granularity } = drawn;
    const lab = new Laboratory(
      { cpus: 2 },
      {
        ...{ name, scheduling, granularity },
        start: () => drawn.start(),
        decide(point) {
          const decision = drawn.decide(point);
          const isStep = decisionKind(decision) === DecisionKind.Step;
          running = isStep ? point.currentOn(decisionX(decision)) : -1;
          return decision;
        },
        choose: (kind, count) => drawn.choose(kind, count),
      },
    );
    const word = lab.word(MARK);
    const wereDecided: boolean[] = [];
    lab.machine.events.on('access', ({ thread, value }) => {
      if (value === MARK) wereDecided.push(thread === running);
    });
    lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        for (let i = 0; i < 8; i++) yield* c.load(word);
        yield* exit(c, 0);
      });
      for (let i = 0; i < 40; i++) {
        yield* singleStep(t, child);
        if ((yield* waitpid(t, child)).status?.kind === 'exited') return;
      }
      yield* cont(t, child);
      yield* waitpid(t, child);
    });
    expect(wereDecided).toEqual(new Array(8).fill(true));
  });

  it('executes one instruction a SINGLESTEP', () => {
    const lab = laboratory();
    const builder = new ProgramBuilder('steps').label('entry').brk();
    for (let i = 0; i < 5; i++) builder.addi(r1, r1, 1);
    const program = lab.machine.install(builder.mov(r0, r1).ret().build());
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        yield* exit(c, yield* c.call(program.routine('entry'), 40));
      });
      yield* cont(t, child);
      yield* waitpid(t, child);
      const trail: unknown[] = [];
      for (let i = 0; i < 6; i++) {
        yield* singleStep(t, child);
        const { status } = yield* waitpid(t, child);
        expect(status).toEqual({ ...STOPPED, signal: SIGTRAP });
        const { ip, general } = yield* registersOf(t, child);
        trail.push([ip - program.address, general[1]]);
      }
      yield* cont(t, child);
      trail.push((yield* waitpid(t, child)).status);
      return trail;
    });
    expect(seen).toEqual([
      [8, 41],
      [12, 42],
      [16, 43],
      [20, 44],
      [24, 45],
      [28, 45],
      { kind: 'exited', code: 45 },
    ]);
  });

  it('stepped all the way does what it does by itself', () => {
    const lab = laboratory();
    const word = lab.word(3);
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        yield* sigaction(c, SIGUSR1, function* (h) {
          yield* h.fetchAdd(word, 1);
        });
        yield* nanosleep(c, 500);
        for (let i = 0; i < 5; i++) yield* c.fetchAdd(word, 2);
        yield* exit(c, yield* c.load(word));
      });
      let steps = 0;
      let ips = 0;
      let last = -1;
      for (;;) {
        yield* singleStep(t, child);
        const { status } = yield* waitpid(t, child);
        if (status?.kind !== 'stopped') return [status, steps > 20, ips === steps];
        steps += 1;
        const { ip } = yield* registersOf(t, child);
        if (ip !== last) ips += 1;
        last = ip;
      }
    });
    expect(seen).toEqual([{ kind: 'exited', code: 13 }, true, true]);
  });

  it('that is stepped over a system call that sleeps stops when it has returned', () => {
    const lab = laboratory();
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        yield* nanosleep(c, 50_000);
      });
      for (;;) {
        yield* singleStep(t, child);
        yield* waitpid(t, child);
        const { syscall, general } = yield* registersOf(t, child);
        if (syscall === SyscallNumber.nanosleep) {
          yield* ptrace(t, PtraceRequest.PTRACE_KILL, child);
          return general[0];
        }
      }
    });
    expect(seen).toBe(0);
  });
});
