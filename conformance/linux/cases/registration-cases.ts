import type { CaseGroup } from './conformance-case.js';

/** `rseq` that registers area a as it should be. */
const REGISTER = 'rseq a 32 0 S';

/**
 * Every row of sys_rseq's errors, in the order in which the kernel checks, with pairs of mistakes
 * that tell the order.
 *
 * @source kernel/rseq.c (SYSCALL_DEFINE4(rseq))
 */
export const REGISTRATION_CASES: CaseGroup = {
  topic: 'sys_rseq',
  scripts: {
    register: REGISTER,
    'register-any-signature': 'rseq a 32 0 0',
    'register-flag-2': 'rseq a 32 2 S',
    'register-flag-4': 'rseq a 32 4 S',
    'register-highest-flag': 'rseq a 32 0x80000000 S',
    'register-length-0': 'rseq a 0 0 S',
    'register-length-20': 'rseq a 20 0 S',
    'register-length-28': 'rseq a 28 0 S',
    'register-length-31': 'rseq a 31 0 S',
    'register-length-33': 'rseq a 33 0 S',
    'register-length-64': 'rseq a 64 0 S',
    'register-aligned-16': 'rseq a+16 32 0 S',
    'register-aligned-4': 'rseq a+4 32 0 S',
    'register-length-64-aligned-16': 'rseq a+16 64 0 S',
    'register-kernel-address': 'rseq kernel 32 0 S',
    'register-unmapped': 'rseq unmapped 32 0 S',
    'register-read-only': 'rseq readonly 32 0 S',
    'register-read-only-stale': 'rseq readonly+64 32 0 S',
    'register-null': 'rseq null 32 0 S',
    'alignment-before-address': 'rseq kernel+4 32 0 S',
    'length-before-address': 'rseq kernel 31 0 S',
    'flags-before-address': 'rseq kernel 32 4 S',
    again: `${REGISTER}; ${REGISTER}`,
    'again-other-area': `${REGISTER}; rseq b 32 0 S`,
    'again-other-length': `${REGISTER}; rseq a 64 0 S`,
    'again-other-signature': `${REGISTER}; rseq a 32 0 T`,
    'again-other-area-and-signature': `${REGISTER}; rseq b 32 0 T`,
    'again-other-length-and-signature': `${REGISTER}; rseq a 20 0 T`,
    'again-flag-4': `${REGISTER}; rseq a 32 4 S`,
    'again-bad-area': `${REGISTER}; rseq kernel+4 32 0 S`,
    unregister: `${REGISTER}; rseq a 32 1 S; field cpu_id_start; field cpu_id; ${REGISTER}`,
    'unregister-flag-2': `${REGISTER}; rseq a 32 3 S; ${REGISTER}`,
    'unregister-other-area': `${REGISTER}; rseq b 32 1 S; ${REGISTER}`,
    'unregister-other-length': `${REGISTER}; rseq a 64 1 S; ${REGISTER}`,
    'unregister-other-signature': `${REGISTER}; rseq a 32 1 T; ${REGISTER}`,
    'unregister-other-area-and-signature': `${REGISTER}; rseq b 32 1 T`,
    'unregister-other-length-and-signature': `${REGISTER}; rseq a 64 1 T`,
    'unregister-flag-2-and-signature': `${REGISTER}; rseq a 32 3 T`,
    'unregister-nothing': 'rseq a 32 1 S',
    'unregister-nothing-null': 'rseq null 32 1 S',
    'unregister-twice': `${REGISTER}; rseq a 32 1 S; rseq a 32 1 S`,
    'unregister-unmapped': `${REGISTER}; unmap; rseq a 32 1 S`,
    'register-stale-rseq-cs': `arm; ${REGISTER}; field rseq_cs`,
    'register-stale-bad-rseq-cs': `describe at 1; arm; ${REGISTER}; field rseq_cs`,
    'register-keeps-flags': `set flags 85; ${REGISTER}; field flags`,
    'unregister-while-armed': `${REGISTER}; arm; rseq a 32 1 S; field rseq_cs`,
  },
};
