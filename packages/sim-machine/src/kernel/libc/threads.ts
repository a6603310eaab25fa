import { FutexCommand } from '../futex/futex-operation.js';
import { MapFlag, Protection } from '../../memory/mapping-flags.js';
import type { Operation } from '../operation.js';
import { STACK_BYTES } from '../process/process-layout.js';
import { TLS_BYTES } from '../process/thread-data.js';
import { THREAD_FLAGS } from '../process/clone-flag.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';

/** A thread that was made by {@link pthreadCreate} and has not been joined. */
export interface Pthread {
  /** Its thread id. */
  readonly tid: number;
  /** Address of the memory that holds its stack and its thread block. */
  readonly block: number;
}

/** What a joinable thread runs; the number it returns is what pthreadJoin returns. */
export type PthreadBody = (thread: Thread) => Operation<unknown>;

/**
 * A thread's memory, which the creator maps and the joiner unmaps:
 *
 * | offset              | holds                                                             |
 * |---------------------|-------------------------------------------------------------------|
 * | 0                   | the stack                                                         |
 * | STACK_BYTES         | the thread block, to which r14 points                             |
 * | then, TLS_BYTES on  | the tid, which the kernel clears at exit; then what it returned   |
 */
const TID_OFFSET = STACK_BYTES + TLS_BYTES;
const RESULT_OFFSET = TID_OFFSET + 4;
const BLOCK_BYTES = STACK_BYTES + 4096;

/**
 * Makes a thread of the process.
 *
 * @returns the thread, or a negative errno: -EAGAIN when the machine is full, -ENOMEM
 * @source pthread_create(3), clone(2)
 */
export function* pthreadCreate(t: Thread, body: PthreadBody): Operation<Pthread | number> {
  const protection = Protection.Read | Protection.Write;
  const flags = MapFlag.Private | MapFlag.Anonymous;
  const block = yield* t.syscall(SyscallNumber.mmap, 0, BLOCK_BYTES, protection, flags, -1, 0);
  if (block < 0) return block;
  const start = function* (thread: Thread): Operation<void> {
    const result = yield* body(thread);
    if (typeof result === 'number') yield* thread.store(block + RESULT_OFFSET, result);
  };
  Object.defineProperty(start, 'name', { value: body.name });
  const { programs } = t.process;
  const program = programs.add(t.id, start);
  const top = block + STACK_BYTES;
  const tidAddress = block + TID_OFFSET;
  const number = SyscallNumber.clone;
  const tid = yield* t.syscall(number, THREAD_FLAGS, top, tidAddress, tidAddress, top, program);
  programs.release(program);
  if (tid >= 0) return { tid, block };
  yield* t.syscall(SyscallNumber.munmap, block, BLOCK_BYTES);
  return tid;
}

/**
 * Waits until a thread has exited; what it did happens before this returns.
 *
 * @returns what its program returned, 0 if that was no number
 * @source pthread_join(3)
 */
export function* pthreadJoin(t: Thread, thread: Pthread): Operation<number> {
  const address = thread.block + TID_OFFSET;
  for (;;) {
    const tid = yield* t.loadAcquire(address);
    if (tid === 0) break;
    yield* t.syscall(SyscallNumber.futex, address, FutexCommand.Wait, tid, 0);
  }
  const result = yield* t.load(thread.block + RESULT_OFFSET);
  yield* t.syscall(SyscallNumber.munmap, thread.block, BLOCK_BYTES);
  return result;
}

/** Ends the calling thread; does not return. @source pthread_exit(3) */
export function* pthreadExit(t: Thread): Operation<void> {
  yield* t.syscall(SyscallNumber.exit, 0);
}
