/**
 * Words a thread has in the register file; a thread's registers start at `thread * REGISTER_STRIDE`.
 *
 * | word     | holds                                      |
 * |----------|--------------------------------------------|
 * | 0 to 15  | r0 to r15                                  |
 * | 16       | ip, a byte address                         |
 * | 17       | why the last burst ended, {@link ExitReason} |
 * | 21       | operations that the program has started    |
 * | others   | the kernel's, untouched by executors       |
 */
export const REGISTER_STRIDE = 32;

/** The word that holds the instruction pointer. */
export const REG_IP = 16;

/** The word that holds the {@link ExitReason} of the last burst. */
export const REG_EXIT = 17;

/** The word that counts operations; where several are one piece of code, that does. */
export const REG_OPERATIONS = 21;
