/** Where threads go when they become runnable. */
export interface Placement {
  /** CPU for a thread that never ran; `parent` is the thread that made it, or -1. */
  forNew(thread: number, parent: number): number;
  /** CPU for a thread that wakes; `waker` is the thread that wakes it, or -1. */
  forWakeup(thread: number, waker: number): number;
}
