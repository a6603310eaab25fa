import { ProgramBuilder, Registers, SyscallNumber } from '@rseqlab/sim-machine';
import type { InstalledProgram, KernelModule, Program } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqCsOffset, RseqOffset } from '../../src/kernel/rseq-abi.js';
import { rseq } from '../../src/kernel/rseq-module.js';
import type { RseqOptions } from '../../src/kernel/rseq-module.js';
import { HandMachine, NOTIFY } from '../hand-machine.js';

const { r0, r1, r5, r14 } = Registers;

/** What a section does when it was aborted, and when not. */
export const ABORTED = 77;
export const COMMITTED = 1;

/**
 * section(r1: word to add to); the descriptor is not part of it, so that tests can lie in it.
 *
 * `first` to `postCommit` is the section; it enters the kernel once, by a system call that only asks
 * for exit work, where `withSyscall` says so.
 */
function sectionProgram(withSyscall: boolean): Program {
  const builder = new ProgramBuilder(withSyscall ? 'section with a call' : 'section')
    .label('entry')
    .nop()
    .label('first')
    .ld32(r5, r1)
    .addi(r5, r5, 1);
  if (withSyscall) builder.li(r0, NOTIFY).syscall();
  return builder
    .label('commit')
    .st32(r5, r1)
    .label('postCommit')
    .li(r0, COMMITTED)
    .ret()
    .word(RSEQ_SIGNATURE)
    .label('abort')
    .li(r0, ABORTED)
    .ret()
    .label('cpuId')
    .ld32(r0, r14, RseqOffset.cpuId)
    .ret()
    .label('exit')
    .li(r0, SyscallNumber.exit)
    .syscall()
    .build();
}

/** A descriptor, field by field; the upper words are 0 unless given. */
export interface Descriptor {
  readonly version?: number;
  readonly flags?: number;
  readonly startIp?: number;
  readonly startIpHigh?: number;
  readonly postCommitOffset?: number;
  readonly postCommitOffsetHigh?: number;
  readonly abortIp?: number;
  readonly abortIpHigh?: number;
}

/** A thread (slot 0) that arms a descriptor of the test's making and runs the section. */
export class SectionMachine extends HandMachine {
  readonly section: InstalledProgram;
  /** Where the descriptor is, in static data. */
  readonly descriptor: number;
  /** The word that the section adds 1 to. */
  readonly word: number;
  /** What the section returned. */
  readonly results: number[] = [];

  constructor(
    settings: {
      readonly options?: RseqOptions;
      readonly withSyscall?: boolean;
      /** What to store into rseq_cs; default the address of the descriptor. */
      readonly armed?: number;
      readonly armedHigh?: number;
      readonly rseqFlags?: number;
      /** Modules besides rseq. */
      readonly more?: readonly KernelModule[];
    } = {},
  ) {
    super(
      settings.options,
      settings.more === undefined ? {} : { kernel: [rseq(settings.options), ...settings.more] },
    );
    this.section = this.machine.install(sectionProgram(settings.withSyscall === true));
    this.descriptor = this.process.allocate(32, 32);
    this.word = this.process.allocate(4);
    const { section, descriptor, word, results } = this;
    const armed = settings.armed ?? descriptor;
    this.process.spawn(function* worker(t) {
      const area = t.threadPointer;
      yield* t.store(area + RseqOffset.flags, settings.rseqFlags ?? 0);
      yield* t.store(area + RseqOffset.rseqCsHigh, settings.armedHigh ?? 0);
      yield* t.store(area + RseqOffset.rseqCs, armed);
      results.push(yield* t.call(section.routine('entry'), word));
      yield* t.fence();
    });
    this.describe({});
  }

  /** Writes the descriptor: that of the section, but for what is given. */
  describe(fields: Descriptor): void {
    const at = (label: string): number => this.section.addressOf(label);
    const whole: Required<Descriptor> = {
      version: 0,
      flags: 0,
      startIp: at('first'),
      startIpHigh: 0,
      postCommitOffset: at('postCommit') - at('first'),
      postCommitOffsetHigh: 0,
      abortIp: at('abort'),
      abortIpHigh: 0,
      ...fields,
    };
    for (const [name, value] of Object.entries(whole) as [keyof Descriptor, number][])
      this.process.write32(this.descriptor + RseqCsOffset[name], value);
  }

  /** Steps the thread to a label of the section. */
  stepToLabel(label: string, cpu = 0): void {
    this.stepTo(cpu, this.section.addressOf(label));
  }
}
