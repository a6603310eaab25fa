import { describe, expect, it } from 'vitest';
import {
  Errno,
  ProgramBuilder,
  Registers,
  SignalNumber,
  SyscallNumber,
  fork,
  kill,
  ptrace,
  ptraceAttach,
  ptraceContinue,
  ptraceDetach,
  ptraceGetRegisters,
  waitpid,
} from '@rseqlab/sim-machine';
import type { InstalledProgram, Operation, Thread } from '@rseqlab/sim-machine';
import {
  PTRACE_GET_RSEQ_CONFIGURATION,
  PTRACE_RSEQ_CONFIGURATION_BYTES,
} from '../../../src/kernel/ptrace-configuration.js';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { checkOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, step } from '../../hand-machine.js';
import { KERNELS, kernels } from '../kernels.js';
import type { KernelUnderTest } from '../kernels.js';

const { EFAULT, EIO } = Errno;
const SIZE = PTRACE_RSEQ_CONFIGURATION_BYTES;
const NEW = KERNELS.filter(({ name }) => name !== 'rfc-2017' && name !== 'v4.18');

/** Runs a tracer with a child that it has stopped, CPU by CPU in turn. */
function traced(
  { options }: KernelUnderTest,
  tracer: (t: Thread, child: number) => Operation<unknown>,
  child: (t: Thread) => Operation<unknown>,
  prepare: (hand: HandMachine) => void = () => undefined,
): void {
  const hand = new HandMachine(options, { cpus: 2 });
  prepare(hand);
  let isOver = false;
  hand.process.spawn(
    function* parent(t) {
      const pid = yield* fork(t, function* tracee(c) {
        yield* child(c);
      });
      yield* t.fence();
      yield* ptraceAttach(t, pid);
      yield* waitpid(t, pid);
      yield* tracer(t, pid);
      yield* kill(t, pid, SignalNumber.SIGKILL);
      isOver = true;
      for (;;) yield* t.fence();
    },
    { cpu: 0 },
  );
  hand.decide();
  const { current } = hand.machine.cpus;
  for (let i = 0; i < 3000 && !isOver; i++)
    hand.decide(step(current[i % 2]! >= 0 ? i % 2 : 1 - (i % 2)));
  expect(isOver).toBe(true);
}

const spin = function* (t: Thread): Operation<void> {
  for (;;) yield* t.fence();
};

describe('PTRACE_GET_RSEQ_CONFIGURATION', () => {
  const read = function* (t: Thread, pid: number, size: number): Operation<readonly number[]> {
    const data = t.stackPointer - 256;
    for (let at = 0; at < 32; at += 4) yield* t.store(data + at, -1);
    const words = [yield* ptrace(t, PTRACE_GET_RSEQ_CONFIGURATION, pid, size, data)];
    for (let at = 0; at < 28; at += 4) words.push(yield* t.load(data + at));
    return words;
  };

  it.each(NEW)('tells area, length and signature of a stopped thread: $name', (kernel) => {
    const { areaLength } = checkOptions(kernel.options);
    const seen: unknown[] = [];
    let area = 0;
    traced(
      kernel,
      function* (t, pid) {
        seen.push(yield* read(t, pid, SIZE), yield* read(t, pid, 100), yield* read(t, pid, 8));
      },
      function* (c) {
        area = c.threadPointer;
        yield* spin(c);
      },
    );
    const whole = [SIZE, area, 0, areaLength, RSEQ_SIGNATURE, 0, 0, -1];
    expect(seen).toEqual([whole, whole, [SIZE, area, 0, -1, -1, -1, -1, -1]]);
  });

  it('copies no byte more than it is asked for, and none into what is not there', () => {
    const seen: unknown[] = [];
    traced(
      NEW[0]!,
      function* (t, pid) {
        seen.push((yield* read(t, pid, 0))[1], (yield* read(t, pid, 9))[3]);
        seen.push((yield* read(t, pid, 15))[4]! >>> 0, (yield* read(t, pid, 1))[1]! >>> 8);
        for (const size of [SIZE, 2])
          seen.push(yield* ptrace(t, PTRACE_GET_RSEQ_CONFIGURATION, pid, size, 0x30000000));
      },
      spin,
    );
    const signature = ((RSEQ_SIGNATURE & 0xffffff) | 0xff000000) >>> 0;
    expect(seen).toEqual([-1, 32 | -256 | 0, signature, 0xffffff, -EFAULT, -EFAULT]);
  });

  it.each(NEW)('tells nothing of a thread without a registration: $name', (kernel) => {
    const { areaLength } = checkOptions(kernel.options);
    const seen: unknown[] = [];
    traced(
      kernel,
      function* (t, pid) {
        yield* ptraceContinue(t, pid);
        for (let i = 0; i < 20; i++) yield* t.fence();
        yield* kill(t, pid, SignalNumber.SIGSTOP);
        yield* waitpid(t, pid);
        seen.push(yield* read(t, pid, SIZE));
      },
      function* (c) {
        const area = c.threadPointer;
        yield* c.syscall(SyscallNumber.rseq, area, areaLength, 1, RSEQ_SIGNATURE);
        yield* spin(c);
      },
    );
    expect(seen).toEqual([[SIZE, 0, 0, kernel.name === 'v6.1' ? 32 : 0, 0, 0, 0, -1]]);
  });

  it.each(kernels('rfc-2017', 'v4.18'))('came later: -EIO under $name', (kernel) => {
    const seen: number[] = [];
    traced(
      kernel,
      function* (t, pid) {
        seen.push(yield* ptrace(t, PTRACE_GET_RSEQ_CONFIGURATION, pid, SIZE, t.stackPointer - 256));
      },
      spin,
    );
    expect(seen).toEqual([-EIO]);
  });
});

describe('a tracee that is stopped inside of a section', () => {
  const { r5, r7, r14 } = Registers;
  const program = new ProgramBuilder('long section')
    .label('entry')
    .li32(r7, 'cs')
    .st32(r7, r14, RseqOffset.rseqCs)
    .label('first')
    .section('cs', {
      signature: RSEQ_SIGNATURE,
      body: (section) => {
        for (let i = 0; i < 60; i++) section.ld32(r5, r14, 64);
        return section.st32(r5, r14, 64);
      },
      abort: (handler) => handler.label('abort').jmp('entry'),
    })
    .label('end')
    .ret()
    .build();

  it.each(KERNELS)('shows the ip inside; the abort comes when it goes on: $name', (kernel) => {
    let section: InstalledProgram | undefined;
    let aborts: unknown[] = [];
    const seen: number[] = [];
    traced(
      kernel,
      function* (t, pid) {
        const registers = yield* ptraceGetRegisters(t, pid);
        seen.push(typeof registers === 'number' ? registers : registers.ip, aborts.length);
        yield* ptraceDetach(t, pid);
        for (let i = 0; i < 10; i++) yield* t.fence();
        seen.push(aborts.length);
      },
      function* (c) {
        for (;;) yield* c.call(section!.routine('entry'));
      },
      (hand) => {
        section = hand.machine.install(program);
        aborts = hand.heard('abort');
      },
    );
    const [ip, before, after] = seen as [number, number, number];
    expect(ip).toBeGreaterThanOrEqual(section!.addressOf('first'));
    expect(ip).toBeLessThan(section!.addressOf('end'));
    expect(after).toBe(before + 1);
    expect(aborts[before]).toMatchObject({ from: ip, to: section!.addressOf('abort') });
  });
});
