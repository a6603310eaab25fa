/**
 * Userspace RCU on per-CPU counters.
 *
 * Start at {@link RcuDomain}.
 *
 * @packageDocumentation
 */
export { UrcuError } from './urcu-error.js';
export type { UrcuErrorCode } from './urcu-error.js';
export type { RcuFlavour } from './rcu-flavour.js';
export { RcuDomain } from './domain/rcu-domain.js';
export type { RcuDomainOptions } from './domain/rcu-domain.js';
export type { BarrierKind } from './domain/barrier-plan.js';
export type { RcuToken } from './domain/rcu-token.js';
export { detectBarriers } from './domain/updater-barriers.js';
export { CountedFlavour } from './classic/counted-flavour.js';
export type { CountedName, CountedOptions } from './classic/counted-flavour.js';
export { QsbrFlavour } from './classic/qsbr-flavour.js';
export {
  rcuAssignPointer,
  rcuCmpxchgPointer,
  rcuDereference,
  rcuXchgPointer,
} from './rcu-pointer.js';
export type { AddressOf, RcuPointer } from './rcu-pointer.js';
