import type { Branded } from '../base/brand.js';

/** The number of a general register, 0 to 15; branded, so that no immediate passes for one. */
export type Register = Branded<number, 'Register'>;

/** How assembly names a register; `sp` is another name of r15. */
export type RegisterName =
  | 'r0'
  | 'r1'
  | 'r2'
  | 'r3'
  | 'r4'
  | 'r5'
  | 'r6'
  | 'r7'
  | 'r8'
  | 'r9'
  | 'r10'
  | 'r11'
  | 'r12'
  | 'r13'
  | 'r14'
  | 'r15'
  | 'sp';

/** The stack pointer, by convention. */
export const STACK_POINTER: Register = 15 as Register;

/**
 * The general registers by name.
 *
 * By convention r0 holds a result and the number of a system call, r1 to r6 hold arguments, r14 is
 * the thread pointer and r15 the stack pointer.
 *
 * @example `const { r1, r2 } = Registers; new ProgramBuilder('id').mov(r1, r2).ret();`
 */
export const Registers: Readonly<Record<RegisterName, Register>> = {
  r0: 0 as Register,
  r1: 1 as Register,
  r2: 2 as Register,
  r3: 3 as Register,
  r4: 4 as Register,
  r5: 5 as Register,
  r6: 6 as Register,
  r7: 7 as Register,
  r8: 8 as Register,
  r9: 9 as Register,
  r10: 10 as Register,
  r11: 11 as Register,
  r12: 12 as Register,
  r13: 13 as Register,
  r14: 14 as Register,
  r15: STACK_POINTER,
  sp: STACK_POINTER,
};
