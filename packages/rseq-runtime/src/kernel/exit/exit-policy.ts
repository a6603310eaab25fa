import type { KernelHooks, KernelPort } from '@rseqlab/sim-machine';
import type { CpuNumberReader } from '../cpu-number-source.js';
import type { MaskedRules, PendingRules, RseqRules } from '../profiles/rseq-rules.js';
import type { RseqRegistration } from '../rseq-registration.js';
import type { RseqStats } from '../rseq-stats.js';

/** What the work on the way to user mode stands on. */
export interface ExitPorts<Rules extends RseqRules = RseqRules> {
  readonly kernel: KernelPort;
  readonly rules: Rules;
  readonly registration: RseqRegistration;
  readonly stats: RseqStats;
  /** Whether everything is checked, and system calls inside of sections are fatal. */
  readonly debug: boolean;
  /** False for a kernel that never aborts a section. */
  readonly aborts: boolean;
  /** How long a slice extension is, where there are any. */
  readonly sliceExtensionNs: number;
  /** Where the CPU number comes from. */
  readonly cpuNumber: CpuNumberReader;
}

/** What it stands on where events are collected in a mask. */
export type MaskedPorts = ExitPorts<MaskedRules>;

/** What it stands on where it is remembered what to do. */
export type PendingPorts = ExitPorts<PendingRules>;

/** How registered threads are kept right; one of two ways, by the profile. */
export interface ExitPolicy {
  /** What the kernel calls while threads run; beginning and end of registrations are not among it. */
  readonly hooks: KernelHooks;
  /** The thread has registered an area; the ids have to be there when it is in user mode. */
  registered(thread: number, flags: number): void;
  /** The thread's registration goes away: it took it back, exits or executes another program. */
  forget(thread: number): void;
  /** The thread goes on in an address space of its own, with another program. */
  execed(thread: number): void;
  /** A child goes on with a copy of the parent's registration. */
  inherit(parent: number, child: number): void;
}
