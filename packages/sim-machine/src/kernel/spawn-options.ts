/** How a thread starts. */
export interface SpawnOptions {
  /** CPU to start on; default where a new thread is placed. */
  readonly cpu?: number;
  /** CPUs the thread may use; default all. */
  readonly affinity?: readonly number[];
  /** Name for reports; default that of the function. */
  readonly name?: string;
  /** -20 to 19; default 0. */
  readonly nice?: number;
  /** Real-time policy; default the fair class. */
  readonly realTime?: { readonly policy: 'fifo' | 'rr'; readonly priority: number };
}
