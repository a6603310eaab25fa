import { RuntimeError } from '../runtime-error.js';
import type { CpuNumberSource } from './cpu-number-source.js';
import { rulesOf } from './profiles/rseq-profiles.js';
import type { RseqProfile } from './profiles/rseq-profiles.js';
import type { RseqRules } from './profiles/rseq-rules.js';
import { RSEQ_ORIGINAL_SIZE } from './rseq-abi.js';
import { RseqStats } from './rseq-stats.js';
import { SLICE_EXTENSION_MAX_NS, SLICE_EXTENSION_MIN_NS } from './slice/slice-abi.js';

/** How rseq behaves. */
export interface RseqOptions {
  /** Which kernel's behaviour; default `v6.1`. */
  readonly profile?: RseqProfile;
  /**
   * Whether the C library registers every thread's area before the thread's first instruction, as
   * glibc does since 2.35; default true.
   */
  readonly autoRegister?: boolean;
  /**
   * Length of the area that the C library registers, in bytes; default what the kernel tells in
   * AT_RSEQ_FEATURE_SIZE but at least 32, as in glibc 2.41 and later. With 32 glibc is an older one,
   * and v7.1 is in its legacy mode.
   */
  readonly areaLength?: number;
  /** False makes a kernel that never aborts a section, to see what goes wrong then; default true. */
  readonly aborts?: boolean;
  /**
   * Checks everything, and kills a thread that makes a system call inside of a section: what
   * CONFIG_DEBUG_RSEQ and rseq_debug=1 do; default false.
   */
  readonly debug?: boolean;
  /** Where the CPU number in areas comes from; default the scheduler. */
  readonly cpuNumber?: CpuNumberSource;
  /**
   * How long a slice extension of v7.1 is: 5000 to 50000 ns, default 5000.
   *
   * @source debugfs rseq/slice_ext_nsec
   */
  readonly sliceExtensionNs?: number;
  /** Counts what is done. */
  readonly stats?: RseqStats;
}

/** Options with every default filled in and every value checked. */
export interface CheckedOptions extends Required<Omit<RseqOptions, 'cpuNumber'>> {
  readonly cpuNumber: CpuNumberSource | undefined;
  readonly rules: RseqRules;
  /** Name for configurations and reports: as different as the behaviour is. */
  readonly name: string;
}

/**
 * Fills in defaults.
 *
 * @throws RuntimeError `ERR_PROFILE` for a profile that does not exist; `ERR_SLICE` for a length of
 *   slice extensions that is out of range
 */
export function checkOptions(options: RseqOptions): CheckedOptions {
  const { profile = 'v6.1', autoRegister = true, aborts = true, debug = false } = options;
  const { sliceExtensionNs = SLICE_EXTENSION_MIN_NS, stats = new RseqStats() } = options;
  const { cpuNumber } = options;
  const rules = rulesOf(profile);
  const whole = Math.max(rules.featureSize, RSEQ_ORIGINAL_SIZE);
  const { areaLength = whole } = options;
  const isSlice =
    Number.isInteger(sliceExtensionNs) &&
    sliceExtensionNs >= SLICE_EXTENSION_MIN_NS &&
    sliceExtensionNs <= SLICE_EXTENSION_MAX_NS;
  if (!isSlice)
    throw new RuntimeError(
      'ERR_SLICE',
      `expected a slice extension of ${SLICE_EXTENSION_MIN_NS} to ${SLICE_EXTENSION_MAX_NS} ns, ` +
        `got ${String(sliceExtensionNs)}`,
    );
  const parts = [`rseq ${profile}`];
  if (!aborts) parts.push('aborts off');
  if (!autoRegister) parts.push('not registered');
  else if (areaLength !== whole) parts.push(`areas of ${areaLength} bytes`);
  if (debug) parts.push('debug');
  if (cpuNumber !== undefined) parts.push(`CPU number from ${cpuNumber.name}`);
  if (sliceExtensionNs !== SLICE_EXTENSION_MIN_NS) parts.push(`slices of ${sliceExtensionNs} ns`);
  const name = parts.join(', ');
  const checked = { profile, autoRegister, areaLength, aborts, debug, sliceExtensionNs, stats };
  return { ...checked, cpuNumber, rules, name };
}
