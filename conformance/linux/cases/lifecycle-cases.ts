import type { CaseGroup } from './conformance-case.js';

const REGISTER = 'rseq a 32 0 S';

/**
 * What clone, fork and exec do to a registration, and what a tracer is told of it.
 *
 * @source include/linux/rseq.h (rseq_fork, rseq_execve), kernel/ptrace.c
 */
export const LIFECYCLE_CASES: CaseGroup = {
  topic: 'clone, fork, exec, ptrace',
  scripts: {
    'thread-is-unregistered': `${REGISTER}; thread; rseq b 32 0 S`,
    'thread-cannot-unregister': `${REGISTER}; thread; rseq a 32 1 S`,
    'fork-inherits': `${REGISTER}; fork; ${REGISTER}`,
    'fork-inherits-signature': `${REGISTER}; fork; rseq a 32 0 T`,
    'fork-unregisters': `${REGISTER}; fork; rseq a 32 1 S; ${REGISTER}`,
    'fork-unregistered': `${REGISTER}; rseq a 32 1 S; fork; ${REGISTER}`,
    'fork-section-preempted': `${REGISTER}; fork; inside preempt; left`,
    'fork-area-unmapped': `${REGISTER}; fork; unmap; unarmed preempt`,
    'fork-of-thread': `${REGISTER}; thread; fork; ${REGISTER}`,
    'exec-resets': `${REGISTER}; exec; ${REGISTER}; field rseq_cs`,
    'exec-nothing-to-unregister': `${REGISTER}; exec; rseq a 32 1 S`,
    'ptrace-configuration': `${REGISTER}; configuration`,
    'ptrace-configuration-signature-0': 'rseq a 32 0 0; configuration',
    'ptrace-configuration-unregistered': 'configuration',
  },
};
