import type { CostKindName } from './cost-kind.js';

/** A published measurement of something too small to be a result: what the costs are fitted to. */
export interface PublishedPrimitive {
  /** The machine it was measured on, a name of `COST_MACHINES`. */
  readonly machine: string;
  readonly what: string;
  /** Nanoseconds an operation, net of the empty loop where that was published. */
  readonly publishedNs: number;
  /** What the operation consists of on the simulated machine: how often each cost arises. */
  readonly parts: Readonly<Partial<Record<CostKindName, number>>>;
}

/**
 * How far a fitted primitive may be from the published figure: this many ns, or this part of it,
 * whichever is more. Below a quarter of a nanosecond a superscalar processor hides what a model
 * that charges instruction by instruction cannot.
 */
export const FIT_TOLERANCE: { readonly ns: number; readonly part: number } = {
  ns: 0.25,
  part: 0.1,
};

/**
 * The primitives. Composite figures (per-CPU counters, tracer events, RCU read sides) are left out
 * on purpose: they are predictions of the model, and may come out wrong.
 *
 * @source commit "rseq: Introduce restartable sequences system call" (v4.18), the table "Reading
 * the current CPU number", empty loops of 8.4 ns and 0.8 ns taken off; uncontended figures of a
 * current EPYC
 */
export const PUBLISHED_PRIMITIVES: readonly PublishedPrimitive[] = [
  {
    machine: 'xeon-e5-2630v3',
    what: 'read rseq cpu_id from thread-local storage',
    publishedNs: 0.0,
    parts: { Instruction: 1, LoadHit: 1 },
  },
  {
    machine: 'xeon-e5-2630v3',
    what: 'lsl of the per-CPU segment',
    publishedNs: 12.2,
    parts: { Instruction: 1, CpuNumberRead: 1 },
  },
  {
    machine: 'xeon-e5-2630v3',
    what: 'glibc getcpu',
    publishedNs: 15.8,
    parts: { GetcpuCall: 1 },
  },
  {
    machine: 'xeon-e5-2630v3',
    what: 'getcpu system call',
    publishedNs: 53.1,
    parts: { Instruction: 2, Syscall: 1 },
  },
  {
    machine: 'cubietruck',
    what: 'compare and branch of lazy registration',
    publishedNs: 3.1,
    parts: { Instruction: 2 },
  },
  {
    machine: 'cubietruck',
    what: 'read rseq cpu_id from thread-local storage',
    publishedNs: 8.3,
    parts: { Instruction: 2, ThreadPointerRead: 1, LoadHit: 1 },
  },
  {
    machine: 'cubietruck',
    what: 'glibc getcpu',
    publishedNs: 293.4,
    parts: { GetcpuCall: 1 },
  },
  {
    machine: 'cubietruck',
    what: 'getcpu system call',
    publishedNs: 226.5,
    parts: { Instruction: 2, Syscall: 1 },
  },
  {
    machine: 'epyc',
    what: 'plain add to memory',
    publishedNs: 0.27,
    parts: { Instruction: 3, LoadHit: 1, StoreHit: 1 },
  },
  {
    machine: 'epyc',
    what: 'locked xadd',
    publishedNs: 2.0,
    parts: { Instruction: 1, Atomic: 1 },
  },
  {
    machine: 'epyc',
    what: 'locked cmpxchg: load, add, exchange, branch',
    publishedNs: 2.4,
    parts: { Instruction: 4, LoadHit: 1, Atomic: 1 },
  },
  {
    machine: 'epyc',
    what: 'sched_getcpu',
    publishedNs: 3.0,
    parts: { GetcpuCall: 1 },
  },
  {
    machine: 'epyc',
    what: 'rdtsc',
    publishedNs: 9.5,
    parts: { Instruction: 1, ClockRead: 1 },
  },
];
