/**
 * Word offsets inside a thread's register file.
 *
 * | word   | holds                                                        |
 * |--------|--------------------------------------------------------------|
 * | 0..15  | r0 (result, system call number), r1..r6 (arguments), .. r15  |
 * | 14, 15 | r14 thread pointer, r15 stack pointer                        |
 * | 16     | ip, a byte address                                           |
 * | 17     | why execution last stopped (`ExitReason`)                    |
 * | 18     | offset of the address space's region in the translation cache |
 * | 19     | r0 at the last system call entry, for restarting it          |
 * | 20     | 1 while that system call may be restarted                    |
 * | 21     | operations that the thread's program has started             |
 */
export const RegisterFile = {
  Result: 0,
  ThreadPointer: 14,
  StackPointer: 15,
  Ip: 16,
  Exit: 17,
  Translations: 18,
  SyscallNumber: 19,
  InSyscall: 20,
  Operations: 21,
} as const;
