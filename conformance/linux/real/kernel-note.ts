import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, version } from 'node:os';
import { gunzipSync } from 'node:zlib';

/** What is known of the kernel that was asked. */
export interface KernelNote {
  /** As `uname -r` says. */
  readonly release: string;
  /** As `uname -v` says. */
  readonly version: string;
  /** What it is: Linux, or something that passes itself off as Linux. */
  readonly kind: 'linux' | 'gvisor' | 'wsl1';
  /** Whether a hypervisor is below it, which changes times only. */
  readonly virtual: boolean;
  /** CONFIG_DEBUG_RSEQ, where the kernel shows its configuration. */
  readonly debugRseq: 'on' | 'off' | 'unknown';
  readonly cpus: number;
}

/** gVisor's constant version. @source gvisor.dev/docs (dmesg and /proc/version of runsc) */
const GVISOR_VERSION = '#1 SMP Sun Jan 10 15:06:54 PST 2016';

/** Finds out which kernel runs here. */
export function kernelNote(): KernelNote {
  return {
    release: release(),
    version: version(),
    kind: kindOf(release(), version(), bootMessages()),
    virtual: /^flags\s*:.*\bhypervisor\b/m.test(text('/proc/cpuinfo')),
    debugRseq: debugRseq(),
    cpus: cpus().length,
  };
}

/** Tells a kernel from what passes itself off as one. */
export function kindOf(release: string, version: string, messages: string): KernelNote['kind'] {
  if (version.startsWith(GVISOR_VERSION) || /gVisor/i.test(messages)) return 'gvisor';
  if (release.endsWith('Microsoft')) return 'wsl1';
  return 'linux';
}

function bootMessages(): string {
  const { status, stdout } = spawnSync('dmesg', { encoding: 'utf8' });
  return status === 0 ? stdout.slice(0, 10_000) : '';
}

function debugRseq(): KernelNote['debugRseq'] {
  try {
    const configuration = gunzipSync(readFileSync('/proc/config.gz')).toString();
    return /^CONFIG_DEBUG_RSEQ=y$/m.test(configuration) ? 'on' : 'off';
  } catch {
    return 'unknown';
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
