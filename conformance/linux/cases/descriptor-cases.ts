import type { CaseGroup } from './conformance-case.js';

/** Descriptors with something wrong, by what it is. */
const BAD: Readonly<Record<string, string>> = {
  'version-1': 'describe version 1',
  'flags-1': 'describe flags 1',
  'flags-7': 'describe flags 7',
  'flags-unknown': 'describe flags 0x80',
  'area-flags-1': 'set flags 1',
  'area-flags-7': 'set flags 7',
  'abort-inside': 'describe abort_ip commit',
  'abort-at-start': 'describe abort_ip start',
  'abort-kernel-address': 'describe abort_ip kernel',
  'abort-unmapped': 'describe abort_ip unmapped',
  'abort-without-signature': 'describe abort_ip end',
  'start-kernel-address': 'describe start_ip kernel',
  'length-beyond-user-space': 'describe post_commit_offset kernel',
  'length-overflows': 'describe post_commit_offset max',
  'length-0': 'describe post_commit_offset 0',
  'at-kernel-address': 'describe at kernel',
  'at-unmapped': 'describe at unmapped',
};

/**
 * Descriptors that are not as they must be, each with the thread inside and outside of the section:
 * whether the process is killed.
 *
 * @source kernel/rseq.c (rseq_get_rseq_cs, rseq_need_restart)
 */
export const DESCRIPTOR_CASES: CaseGroup = {
  topic: 'descriptors',
  scripts: Object.fromEntries(
    Object.entries(BAD).flatMap(([name, operation]) =>
      ['inside', 'outside'].map((where) => [
        `${name}-${where}`,
        `rseq a 32 0 S; ${operation}; ${where} preempt; left`,
      ]),
    ),
  ),
};
