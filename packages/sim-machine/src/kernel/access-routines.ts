import type { InstalledPrograms } from '../cpu/installed-programs.js';
import type { Routine } from '../cpu/routine.js';
import type { Program } from '../isa/program.js';
import { ProgramBuilder } from '../isa/program-builder.js';
import { Registers } from '../isa/register.js';

const { r0, r1, r2, r3 } = Registers;

/**
 * One routine for every single operation that thread code can ask for.
 *
 * A generator's load is a call of `ld32; ret`: so an operation has an address, a pending instruction
 * that can be looked at before it happens, and the same way through faults and preemption as any
 * other code.
 */
export const ACCESS_PROGRAM: Program = new ProgramBuilder('access')
  .label('load8')
  .ld8u(r0, r1)
  .ret()
  .label('load16')
  .ld16u(r0, r1)
  .ret()
  .label('load32')
  .ld32(r0, r1)
  .ret()
  .label('loadAcquire')
  .lda32(r0, r1)
  .ret()
  .label('store8')
  .st8(r2, r1)
  .ret()
  .label('store16')
  .st16(r2, r1)
  .ret()
  .label('store32')
  .st32(r2, r1)
  .ret()
  .label('storeRelease')
  .stl32(r2, r1)
  .ret()
  .label('compareExchange')
  .mov(r0, r2)
  .cas32(r0, r1, r3)
  .ret()
  .label('exchange')
  .mov(r0, r2)
  .xchg32(r0, r1)
  .ret()
  .label('fetchAdd')
  .mov(r0, r2)
  .xadd32(r0, r1)
  .ret()
  .label('fetchAnd')
  .mov(r0, r2)
  .xand32(r0, r1)
  .ret()
  .label('fetchOr')
  .mov(r0, r2)
  .xorr32(r0, r1)
  .ret()
  .label('fence')
  .fence()
  .ret()
  .label('readClock')
  .rdclk(r0)
  .ret()
  .label('waitUntilNotEqual')
  .await32(r0, r1, r2)
  .ret()
  .label('waitUntilEqual')
  .lda32(r0, r1)
  .label('again')
  .beq(r0, r2, 'met')
  .mov(r3, r0)
  .await32(r0, r1, r3)
  .jmp('again')
  .label('met')
  .ret()
  .label('syscall')
  .syscall()
  .ret()
  .label('loadDependent')
  .ld32(r0, r1)
  .ret()
  .label('readFence')
  .fencer()
  .ret()
  .label('writeFence')
  .fencew()
  .ret()
  .build();

const NAMES = [
  'load8',
  'load16',
  'load32',
  'loadAcquire',
  'store8',
  'store16',
  'store32',
  'storeRelease',
  'compareExchange',
  'exchange',
  'fetchAdd',
  'fetchAnd',
  'fetchOr',
  'fence',
  'readClock',
  'waitUntilNotEqual',
  'waitUntilEqual',
  'syscall',
  'loadDependent',
  'readFence',
  'writeFence',
] as const;

/** The routines by name; r1 is the address, r2 and r3 the values, r0 the result. */
export type AccessRoutines = Readonly<Record<(typeof NAMES)[number], Routine>>;

/** Installs {@link ACCESS_PROGRAM}, always the first program of a machine. */
export function installAccessRoutines(programs: InstalledPrograms): AccessRoutines {
  const installed = programs.install(ACCESS_PROGRAM);
  return Object.fromEntries(
    NAMES.map((name) => [name, installed.routine(name)]),
  ) as unknown as AccessRoutines;
}
