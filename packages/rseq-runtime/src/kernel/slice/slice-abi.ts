/** Operation of prctl that is about the slice extension. @source include/uapi/linux/prctl.h */
export const PR_RSEQ_SLICE_EXTENSION = 79;

/** Second argument of prctl: reads whether the thread has the extension enabled. */
export const PR_RSEQ_SLICE_EXTENSION_GET = 1;

/** Second argument of prctl: enables or disables it, by the third. */
export const PR_RSEQ_SLICE_EXTENSION_SET = 2;

/** Third argument of prctl, and what reading returns, for an extension that is enabled. */
export const PR_RSEQ_SLICE_EXT_ENABLE = 1;

/** How long an extension is unless configured, and the least it can be, in nanoseconds. */
export const SLICE_EXTENSION_MIN_NS = 5000;

/** The longest that an extension can be configured to be, in nanoseconds. */
export const SLICE_EXTENSION_MAX_NS = 50_000;
