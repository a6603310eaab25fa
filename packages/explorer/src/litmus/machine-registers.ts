import { Registers } from '@rseqlab/sim-machine';
import { operandsOf } from './collect-locations.js';
import type { LitmusTest } from './litmus-test.js';
import { X86_REGISTERS } from './x86-register.js';

/** The number of a machine register, 0 to 15. */
export type MachineRegister = (typeof Registers)[keyof typeof Registers];

/** The machine register that stands for each register of a thread. */
export type RegisterAssignment = ReadonlyMap<string, MachineRegister>;

const { r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13 } = Registers;

/** The machine registers that stand for registers of a test. */
export const ASSIGNABLE: readonly MachineRegister[] = [r0, r1, r2, r3, r4, r5, r6, r7];

/** How many different registers one thread of a translated test may use. */
export const REGISTERS_PER_THREAD: number = ASSIGNABLE.length;

/** The machine registers that translated instructions use on their own account. */
export const SCRATCH: Readonly<
  Record<'address' | 'value' | 'other' | 'masked' | 'flagLeft' | 'flagRight', MachineRegister>
> = { address: r8, value: r9, other: r10, masked: r11, flagLeft: r12, flagRight: r13 };

/**
 * Gives a machine register to every register that a thread uses or the test observes.
 *
 * @returns undefined when they are more than {@link REGISTERS_PER_THREAD}
 */
export function assignRegisters(test: LitmusTest, thread: number): RegisterAssignment | undefined {
  const used = usedRegisters(test, thread);
  const inOrder = X86_REGISTERS.filter((register) => used.has(register));
  if (inOrder.length > ASSIGNABLE.length) return undefined;
  return new Map(inOrder.map((register, index) => [register, ASSIGNABLE[index]!]));
}

function usedRegisters(test: LitmusTest, thread: number): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { instruction } of test.threads[thread]!.instructions) {
    if (instruction.kind === 'compare-exchange') used.add('rax');
    for (const operand of operandsOf(instruction)) {
      if (operand.kind === 'register') used.add(operand.register);
      if (operand.kind !== 'memory') continue;
      if (operand.base !== undefined) used.add(operand.base);
      if (operand.index !== undefined) used.add(operand.index);
    }
  }
  for (const observable of test.observed)
    if (observable.kind === 'register' && observable.thread === thread)
      used.add(observable.register);
  return used;
}
