/** Memory of the thread that is in the kernel, as get_user and put_user see it. */
export interface UserMemoryPort {
  /** True when the last call met an address that the thread may not use. */
  readonly failed: boolean;
  /** Reads a 32-bit word; meaningless when it failed. */
  get32(address: number): number;
  /** Writes a 32-bit word. */
  put32(address: number, value: number): void;
}
