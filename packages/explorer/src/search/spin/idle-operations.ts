import { OperationKind, SyscallNumber } from '@rseqlab/sim-machine';
import type { PendingOperation } from '@rseqlab/sim-machine';

/** What a thread that spins may do but read. */
const IDLE: ReadonlySet<number> = new Set([
  OperationKind.Local,
  OperationKind.Pause,
  OperationKind.Fence,
  OperationKind.Load,
  OperationKind.Atomic,
]);

/** System calls that a thread that spins may make: nobody notices them, but for who waits for the CPU. */
const IDLE_CALLS: ReadonlySet<number> = new Set([
  SyscallNumber.sched_yield,
  SyscallNumber.gettid,
  SyscallNumber.getpid,
  SyscallNumber.getcpu,
]);

/** Whether a thread that spins may do so; an atomic operation if it leaves its word as it was. */
export function isIdleOperation({ kind, value }: PendingOperation): boolean {
  return IDLE.has(kind) || (kind === OperationKind.Syscall && IDLE_CALLS.has(value));
}

/** Whether an operation reads memory, and does not only await what is there. */
export function isRead(kind: OperationKind): boolean {
  return kind === OperationKind.Load || kind === OperationKind.Atomic;
}
