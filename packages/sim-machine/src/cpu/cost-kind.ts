/** What costs time, as indices into a machine's table of costs. */
export const CostKind = {
  /** Executing any instruction, besides what the kinds below add. */
  Instruction: 0,
  /** A load from a line that the CPU has. */
  LoadHit: 1,
  /** A store to a line that the CPU alone has. */
  StoreHit: 2,
  /** An atomic operation on a line that the CPU alone has. */
  Atomic: 3,
  /** A full fence. */
  FullFence: 4,
  /** A fence between loads. */
  ReadFence: 5,
  /** A fence between stores. */
  WriteFence: 6,
  /** Bringing in a line that no cache has. */
  MemoryFetch: 7,
  /** Bringing in a line that is unmodified elsewhere. */
  RemoteClean: 8,
  /** Bringing in a line that another CPU has modified. */
  RemoteDirty: 9,
  /** Making others drop their copies before a write. */
  SharedUpgrade: 10,
  /** Added when another NUMA node takes part. */
  NodeCrossing: 11,
  /** Reading the CPU's clock (`rdclk`). */
  ClockRead: 12,
  /** Reading the CPU's number in hardware (`rdpid`). */
  CpuNumberRead: 13,
  /**
   * `sched_getcpu` as the C library does it. No instruction costs that: it is for machines on which
   * `rdpid` shall stand for the call, with this as its `CpuNumberRead`.
   */
  GetcpuCall: 14,
  /** Entering and leaving the kernel for a system call that does next to nothing. */
  Syscall: 15,
  /** Replacing the running thread. */
  ContextSwitch: 16,
  /** Handling an interprocessor interrupt, on the CPU that receives it. */
  Interprocessor: 17,
  /** A page fault that is resolved at once. */
  MinorFault: 18,
  /** The CPU's part of a page fault that has to read the page. */
  MajorFault: 19,
  /** From the request of a page to its arrival; the CPU is free meanwhile. */
  PageArrival: 20,
  /** Building a signal frame and returning from it. */
  SignalDelivery: 21,
  /** Handling the timer tick. */
  Tick: 22,
  /** Added to a load with acquire order. */
  AcquireOrder: 23,
  /** Added to a store with release order. */
  ReleaseOrder: 24,
  /**
   * Finding the address of the thread's block, where that is not part of an operand. No instruction
   * costs that: it is for programs that stand for code which has to.
   */
  ThreadPointerRead: 25,
} as const;

/** One of the {@link CostKind} values. */
export type CostKind = (typeof CostKind)[keyof typeof CostKind];

/** The name of a kind of cost. */
export type CostKindName = keyof typeof CostKind;
