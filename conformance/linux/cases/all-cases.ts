import type { CaseGroup } from './conformance-case.js';
import { DESCRIPTOR_CASES } from './descriptor-cases.js';
import { ID_CASES } from './id-cases.js';
import { LIFECYCLE_CASES } from './lifecycle-cases.js';
import { MEMBARRIER_CASES } from './membarrier-cases.js';
import { REGISTRATION_CASES } from './registration-cases.js';
import { SECTION_CASES } from './section-cases.js';

/** Every case, by topic. */
export const CASE_GROUPS: readonly CaseGroup[] = [
  REGISTRATION_CASES,
  SECTION_CASES,
  DESCRIPTOR_CASES,
  LIFECYCLE_CASES,
  MEMBARRIER_CASES,
  ID_CASES,
];
