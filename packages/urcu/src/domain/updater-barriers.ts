import { Errno, MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import type { BarrierKind, UpdaterBarrier } from './barrier-plan.js';

const EXPEDITED = {
  private: {
    command: MembarrierCommand.PrivateExpedited,
    register: MembarrierCommand.RegisterPrivateExpedited,
  },
  global: {
    command: MembarrierCommand.GlobalExpedited,
    register: MembarrierCommand.RegisterGlobalExpedited,
  },
} as const;

/**
 * Orders the calling updater's accesses, and with membarrier those of the readers as well.
 *
 * A process has to be registered for membarrier before it may call it for itself; the first call does
 * that.
 *
 * @throws UrcuError `ERR_MEMBARRIER` where the kernel has no such membarrier: the readers of the domain
 *   have no fences, so that nothing else can take its place
 */
export function* updaterBarrier(t: Thread, barrier: UpdaterBarrier): Operation<void> {
  if (barrier === 'none') return;
  if (barrier === 'fence') {
    yield* t.fence();
    return;
  }
  const { command, register } = EXPEDITED[barrier];
  let result = yield* membarrier(t, command);
  if (result === -Errno.EPERM) {
    yield* membarrier(t, register);
    result = yield* membarrier(t, command);
  }
  if (result !== 0)
    throw new UrcuError(
      'ERR_MEMBARRIER',
      `expected a kernel with membarrier (${barrier} expedited) or a domain with barriers "fence", ` +
        `got ${result} from membarrier`,
    );
}

/**
 * The barriers that a domain of the calling thread's process can have: by membarrier where the kernel
 * offers it, else fences. A library asks once, before it makes its domains.
 *
 * @source liburcu, src/urcu.c (rcu_sys_membarrier_init)
 */
export function* detectBarriers(t: Thread): Operation<BarrierKind> {
  const offered = yield* membarrier(t, MembarrierCommand.Query);
  return offered > 0 && (offered & MembarrierCommand.PrivateExpedited) !== 0
    ? 'membarrier'
    : 'fence';
}
