import type { Operation } from '../operation.js';
import type { OwningProcess } from '../owning-process.js';
import type { Thread } from '../thread.js';
import type { SignalInfo } from './signal-info.js';

/**
 * A signal handler: runs on the stack of the thread it interrupted, which goes on when it returns.
 *
 * As thread code it must be deterministic, and what it shares with the interrupted code it shares
 * through simulated memory.
 */
export type SignalHandler = (
  thread: Thread,
  signal: number,
  info: SignalInfo,
) => Operation<unknown>;

/** Gives a handler an index that the kernel knows it by; called by the C library's sigaction. */
export function registerHandler(thread: Thread, handler: SignalHandler): number {
  return thread.process.programs.register(thread.id, handler);
}

/** The handler of an index, or undefined where there is none. */
export function handlerAt(process: OwningProcess, index: number): SignalHandler | undefined {
  return process.programs.at(index) as SignalHandler | undefined;
}
