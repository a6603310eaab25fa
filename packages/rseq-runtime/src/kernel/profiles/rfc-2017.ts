import { V4_18 } from './v4-18.js';
import type { MaskedRules } from './rseq-rules.js';

/**
 * The series of 2017, versions 9 to 12, which came with cpu_opv.
 *
 * Area, descriptor, registration and abort are those that were merged in v4.18. What the series had
 * and v4.18 has not is the system call cpu_opv, a module of its own here. What v4.18 has besides,
 * the test that start_ip, its end and abort_ip are user addresses, came during the release
 * candidates of v4.18; it is made here as well, since without it an abort could lead into the kernel.
 *
 * @source "[RFC PATCH for 4.15] Restartable sequences and CPU op vector" v9 to v12, 2017;
 *   "rseq: validate rseq_cs fields are < TASK_SIZE" (v4.18-rc)
 */
export const RFC_2017: MaskedRules = V4_18;
