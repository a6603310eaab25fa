import { MembarrierCommand } from '@rseqlab/sim-machine';
import type { CaseGroup } from './conformance-case.js';

const {
  Global,
  GlobalExpedited,
  RegisterGlobalExpedited,
  PrivateExpedited,
  RegisterPrivateExpedited,
  PrivateExpeditedSyncCore,
  RegisterPrivateExpeditedSyncCore,
  PrivateExpeditedRseq,
  RegisterPrivateExpeditedRseq,
  GetRegistrations,
} = MembarrierCommand;

const call = (command: number, flags = 0, cpu = 0): string =>
  `membarrier ${command} ${flags} ${cpu}`;

/** membarrier's commands and errors. @source kernel/sched/membarrier.c, membarrier(2) */
export const MEMBARRIER_CASES: CaseGroup = {
  topic: 'membarrier',
  scripts: {
    'membarrier-query': call(0),
    'membarrier-query-flags': call(0, 1),
    'membarrier-unknown-command': call(1 << 20),
    'membarrier-two-commands': call(Global | PrivateExpedited),
    'membarrier-global': call(Global),
    'membarrier-global-expedited': call(GlobalExpedited),
    'membarrier-register-global': `${call(RegisterGlobalExpedited)}; ${call(GetRegistrations)}`,
    'membarrier-private-unregistered': call(PrivateExpedited),
    'membarrier-private': `${call(RegisterPrivateExpedited)}; ${call(PrivateExpedited)}`,
    'membarrier-sync-core-unregistered': call(PrivateExpeditedSyncCore),
    'membarrier-sync-core': `${call(RegisterPrivateExpeditedSyncCore)}; ${call(PrivateExpeditedSyncCore)}`,
    'membarrier-rseq-unregistered': call(PrivateExpeditedRseq),
    'membarrier-rseq-private-only': `${call(RegisterPrivateExpedited)}; ${call(PrivateExpeditedRseq)}`,
    'membarrier-private-rseq-only': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpedited)}`,
    'membarrier-rseq': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpeditedRseq)}`,
    'membarrier-rseq-on-cpu': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpeditedRseq, 1, 0)}`,
    'membarrier-rseq-on-no-cpu': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpeditedRseq, 1, 100_000)}`,
    'membarrier-rseq-on-cpu-minus-1': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpeditedRseq, 1, -1)}`,
    'membarrier-rseq-on-cpu-unregistered': call(PrivateExpeditedRseq, 1, 0),
    'membarrier-rseq-flag-2': `${call(RegisterPrivateExpeditedRseq)}; ${call(PrivateExpeditedRseq, 2)}`,
    'membarrier-register-rseq-flags': call(RegisterPrivateExpeditedRseq, 1),
    'membarrier-private-flag-cpu': `${call(RegisterPrivateExpedited)}; ${call(PrivateExpedited, 1)}`,
    'membarrier-flags-before-registration': call(PrivateExpeditedRseq, 2),
    'membarrier-registrations': `${call(GetRegistrations)}; ${call(RegisterPrivateExpeditedRseq)}; ${call(GetRegistrations)}`,
    'membarrier-registration-after-fork': `${call(RegisterPrivateExpeditedRseq)}; fork; ${call(PrivateExpeditedRseq)}`,
    'membarrier-registration-after-exec': `${call(RegisterPrivateExpeditedRseq)}; exec; ${call(PrivateExpeditedRseq)}`,
  },
};
