import type { CaseGroup } from './conformance-case.js';

const REGISTER = 'rseq a 32 0 S';
const IDS = 'field cpu_id_start; field cpu_id';

/** Entries of the auxiliary vector. @source include/uapi/linux/auxvec.h */
const AT_RSEQ_FEATURE_SIZE = 27;
const AT_RSEQ_ALIGN = 28;

/** The ids in the area, and what the kernel says of its size. @source include/uapi/linux/rseq.h */
export const ID_CASES: CaseGroup = {
  topic: 'ids and size',
  scripts: {
    'ids-before-registration': IDS,
    'ids-cpu-0': `pin 0; ${REGISTER}; ${IDS}`,
    'ids-cpu-1': `pin 1; ${REGISTER}; ${IDS}`,
    'ids-follow-affinity': `${REGISTER}; pin 0; ${IDS}; pin 1; ${IDS}; pin 0; ${IDS}`,
    'ids-overwritten-come-back': `${REGISTER}; pin 0; set cpu_id 77; pin 1; ${IDS}`,
    'ids-of-forked-child': `${REGISTER}; pin 1; fork; ${IDS}`,
    'ids-stay-when-unregistered': `${REGISTER}; rseq a 32 1 S; pin 1; ${IDS}`,
    'node-id': `set node_id 77; ${REGISTER}; field node_id`,
    'mm-cid': `set mm_cid 77; ${REGISTER}; field mm_cid`,
    'node-id-mm-cid-unregistered': `${REGISTER}; set node_id 77; set mm_cid 77; rseq a 32 1 S; field node_id; field mm_cid`,
    'feature-size': `auxv ${AT_RSEQ_FEATURE_SIZE}`,
    alignment: `auxv ${AT_RSEQ_ALIGN}`,
  },
};
