import type { CaseGroup } from './conformance-case.js';

const REGISTER = 'rseq a 32 0 S';

/**
 * Which events abort a section, what is left in rseq_cs, and what a signal frame shows.
 *
 * @source kernel/rseq.c (rseq_ip_fixup), tools/testing/selftests/rseq
 */
export const SECTION_CASES: CaseGroup = {
  topic: 'sections',
  scripts: {
    'section-nothing': `${REGISTER}; inside nothing`,
    'section-linger': `${REGISTER}; inside linger; left`,
    'section-system-call': `${REGISTER}; inside getpid; left`,
    'section-minor-fault': `${REGISTER}; inside minor-fault; left`,
    'section-sleeping-fault': `${REGISTER}; inside sleeping-fault; left`,
    'section-sleep': `${REGISTER}; inside sleep; left`,
    'section-preempted': `${REGISTER}; inside preempt; left`,
    'section-migrated': `${REGISTER}; inside migrate; left; field cpu_id`,
    'section-membarrier': `${REGISTER}; inside membarrier; left`,
    'section-membarrier-on-cpu': `${REGISTER}; inside membarrier-cpu; left`,
    'section-signal': `${REGISTER}; inside signal; left; frame`,
    'section-raises': `${REGISTER}; inside raise; left; frame`,
    'unregistered-preempted': 'inside preempt; left',
    'unregistered-signal': 'inside signal; left; frame',
    'unregistered-again-preempted': `${REGISTER}; rseq a 32 1 S; inside preempt; left`,
    'outside-linger': `${REGISTER}; outside linger; left`,
    'outside-preempted': `${REGISTER}; outside preempt; left`,
    'outside-migrated': `${REGISTER}; outside migrate; left`,
    'outside-sleep': `${REGISTER}; outside sleep; left`,
    'outside-membarrier': `${REGISTER}; outside membarrier; left`,
    'signature-of-the-registration': 'rseq a 32 0 T; inside preempt',
    'outside-signature-differs': 'rseq a 32 0 T; outside preempt; left',
    'area-unmapped': `${REGISTER}; unmap; unarmed preempt`,
    'area-unmapped-sleep': `${REGISTER}; unmap; unarmed sleep`,
    'area-unmapped-exit': `${REGISTER}; unmap`,
  },
};
