/** Bytes of one thread's stack; signal frames are built there. */
export const STACK_BYTES = 16384;

/**
 * Where thread blocks begin; the thread in slot n has the n-th.
 *
 * Data, thread blocks and stacks are apart in their low page numbers too, so that they do not take
 * turns in one entry of the translation cache.
 */
export const TLS_BASE = 0x70008000;

/** Where stacks begin; the thread in slot n has the n-th. */
export const STACK_BASE = 0x60020000;

/** Where static data begins. */
export const DATA_BASE = 0x10000000;
/** Bytes that static data may take. */
export const DATA_BYTES = 0x08000000;
