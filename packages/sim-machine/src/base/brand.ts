/** A primitive that carries its meaning in its type: ids that must not be mixed cannot be. */
export type Branded<Base, Name extends string> = Base & { readonly __brand: Name };

/** A logical CPU number, 0 to 4095; ids may be sparse. */
export type CpuId = Branded<number, 'CpuId'>;

/** A thread's slot in the machine's thread table; what Linux shows as tid is derived from it. */
export type ThreadId = Branded<number, 'ThreadId'>;

/** A process's slot in the machine's process table. */
export type ProcessId = Branded<number, 'ProcessId'>;

/** A NUMA node number. */
export type NodeId = Branded<number, 'NodeId'>;

/** A virtual address in a simulated address space; a 32-bit unsigned integer. */
export type Address = Branded<number, 'Address'>;
