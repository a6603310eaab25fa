/**
 * Userspace RCU on per-CPU counters.
 *
 * Start at {@link RcuDomain}.
 *
 * @packageDocumentation
 */
export { UrcuError } from './urcu-error.js';
export type { UrcuErrorCode } from './urcu-error.js';
export type { RcuFlavour, ReadSideRoutines } from './rcu-flavour.js';
export { RcuDomain } from './domain/rcu-domain.js';
export type { RcuDomainOptions } from './domain/rcu-domain.js';
export { GracePeriodStep } from './domain/grace-period-step.js';
export { SharedRcuDomain } from './processes/shared-rcu-domain.js';
export type { SharedRcuDomainOptions } from './processes/shared-rcu-domain.js';
export { DomainReport } from './processes/domain-report.js';
export type {
  DeathReport,
  GracePeriodStepName,
  ReaderReport,
  UpdaterReport,
} from './processes/domain-report.js';
export type { ForkHandlers } from './fork-handlers.js';
export type { BarrierKind } from './domain/barrier-plan.js';
export type { LeftBy } from './domain/open-sections.js';
export type { RcuToken } from './domain/rcu-token.js';
export { detectBarriers } from './domain/updater-barriers.js';
export { CountedFlavour } from './classic/counted-flavour.js';
export type { CountedName, CountedOptions } from './classic/counted-flavour.js';
export { QsbrFlavour } from './classic/qsbr-flavour.js';
export {
  rcuAssignPointer,
  rcuCmpxchgPointer,
  rcuDereference,
  rcuSetPointer,
  rcuXchgPointer,
} from './rcu-pointer.js';
export type { AddressOf, RcuPointer } from './rcu-pointer.js';
export { CallRcu } from './deferred/call-rcu.js';
export type { WorkerId, WorkerPlan } from './deferred/call-rcu.js';
export { DeferRcu } from './deferred/defer-rcu.js';
export type { DeferRcuOptions } from './deferred/defer-rcu.js';
export { RCU_HEAD_BYTES } from './deferred/call-rcu-queue.js';
export type { CallbackId, DeferredCallback } from './deferred/deferred-callbacks.js';
export { GracePeriodPoll } from './deferred/grace-period-poll.js';
export type { Deferral, GracePeriodCookie, PollVariant } from './deferred/grace-period-poll.js';
export { LfStack } from './structures/lf-stack.js';
export { RcuHashTable } from './structures/rcu-hash-table.js';
export type { RcuHashTableOptions } from './structures/hash-table-size.js';
export { RcuHlist } from './structures/rcu-hlist.js';
export { RcuList } from './structures/rcu-list.js';
export { QUEUE_NODE_BYTES, RcuLfQueue } from './structures/rcu-lf-queue.js';
export { HASH_NODE_BYTES } from './structures/split-ordered-list.js';
export type { Found, Match } from './structures/split-ordered-list.js';
export { WfStack } from './structures/wf-stack.js';
export { WfcQueue } from './structures/wfc-queue.js';
export { CheckedMutex } from './checked/checked-mutex.js';
export { CheckedRcu } from './checked/checked-rcu.js';
export type { OpenSection, WaitingUpdater } from './checked/checked-rcu.js';
