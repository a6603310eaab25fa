/** What an access did. */
export const AccessKind = {
  Load: 0,
  Store: 1,
  /** An atomic operation that read and wrote. */
  Update: 2,
  /** A compare-and-exchange that found another value, and only read. */
  FailedUpdate: 3,
} as const;

/** One of the {@link AccessKind} values. */
export type AccessKind = (typeof AccessKind)[keyof typeof AccessKind];

/** Whether accesses of the kind write. */
export function writes(kind: AccessKind): boolean {
  return kind === AccessKind.Store || kind === AccessKind.Update;
}
