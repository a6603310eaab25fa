import type { ProcessTable } from '../process-table.js';
import type { ChildTids } from '../process/child-tids.js';
import type { ChildWait } from '../process/child-wait.js';
import type { Execs } from '../process/execs.js';
import type { Exits } from '../process/exits.js';
import type { Forks } from '../process/forks.js';
import type { ThreadTable } from '../thread-table.js';
import { SyscallNumber } from './syscall-number.js';
import { SLEEPING } from './syscall-table.js';
import type { SyscallTable } from './syscall-table.js';

/** Parts that the system calls work on. */
export interface ProcessSyscallPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly forks: Forks;
  readonly execs: Execs;
  readonly exits: Exits;
  readonly childWait: ChildWait;
  readonly childTids: ChildTids;
}

/**
 * Registers the system calls that begin and end threads and processes.
 *
 * What runs in a child or after exec is no machine code but a generator function: r6 of clone and
 * fork, and the first argument of execve in place of the path, are its index in the program table of
 * the process.
 */
export function registerProcessSyscalls(table: SyscallTable, ports: ProcessSyscallPorts): void {
  const { threads, processes, forks, execs, exits, childWait, childTids } = ports;
  const { columns } = processes;
  const number = SyscallNumber;
  table.register(number.clone, (thread, flags, stack, parentTid, childTid, tls, program) =>
    forks.clone(thread, { flags, stack, parentTid, childTid, tls, program }),
  );
  table.register(number.fork, (thread, _1, _2, _3, _4, _5, program) => forks.fork(thread, program));
  table.register(number.execve, (thread, program) => execs.exec(thread, program));
  table.register(number.exit, (thread, code) => {
    exits.exitThread(thread, code);
    return SLEEPING;
  });
  table.register(number.exit_group, (thread, code) => {
    exits.exitGroup(thread, code);
    return SLEEPING;
  });
  table.register(number.wait4, (thread, pid, status, options, usage) =>
    childWait.wait4(thread, pid, status, options, usage),
  );
  table.register(number.getpid, (thread) => columns.pid[threads.process[thread]!]!);
  table.register(number.gettid, (thread) => threads.tid[thread]!);
  table.register(number.getppid, (thread) => {
    const parent = columns.parent[threads.process[thread]!]!;
    return parent < 0 ? 0 : columns.pid[parent]!;
  });
  table.register(number.set_tid_address, (thread, address) => {
    childTids.set(thread, address);
    return threads.tid[thread]!;
  });
}
