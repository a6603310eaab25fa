/**
 * Userspace RCU on per-CPU counters.
 *
 * Start at {@link RcuDomain}.
 *
 * @packageDocumentation
 */
export { UrcuError } from './urcu-error.js';
export type { UrcuErrorCode } from './urcu-error.js';
export { RcuDomain } from './domain/rcu-domain.js';
export type { RcuDomainOptions } from './domain/rcu-domain.js';
export type { BarrierKind } from './domain/barrier-plan.js';
export type { RcuToken } from './domain/rcu-token.js';
export { detectBarriers } from './domain/updater-barriers.js';
