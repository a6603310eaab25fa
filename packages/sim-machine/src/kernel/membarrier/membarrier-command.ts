/**
 * Commands of membarrier; their sum without Query is what Query returns.
 *
 * @source include/uapi/linux/membarrier.h
 */
export const MembarrierCommand = {
  Query: 0,
  Global: 1,
  GlobalExpedited: 2,
  RegisterGlobalExpedited: 4,
  PrivateExpedited: 8,
  RegisterPrivateExpedited: 16,
  PrivateExpeditedSyncCore: 32,
  RegisterPrivateExpeditedSyncCore: 64,
  PrivateExpeditedRseq: 128,
  RegisterPrivateExpeditedRseq: 256,
  GetRegistrations: 512,
} as const;

/** One of {@link MembarrierCommand}. */
export type MembarrierCommand = (typeof MembarrierCommand)[keyof typeof MembarrierCommand];

/** Only the CPU of the third argument; for PrivateExpeditedRseq. @source MEMBARRIER_CMD_FLAG_CPU */
export const MEMBARRIER_FLAG_CPU = 1;
