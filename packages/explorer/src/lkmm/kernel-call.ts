/**
 * The primitives that are not single accesses: the kernel behind a test carries them out.
 *
 * | arguments                  | calls                                                          |
 * |----------------------------|----------------------------------------------------------------|
 * | none                       | RCU, `smp_memb`                                                |
 * | a lock                     | `spin_lock`, `spin_unlock`, `spin_trylock`                     |
 * | an SRCU domain             | `synchronize_srcu`, `srcu_read_lock`, `srcu_down_read`         |
 * | an SRCU domain and a value | `srcu_read_unlock`, `srcu_up_read`                             |
 */
export const KERNEL_CALLS = [
  'rcu_read_lock',
  'rcu_read_unlock',
  'synchronize_rcu',
  'synchronize_rcu_expedited',
  'srcu_read_lock',
  'srcu_read_unlock',
  'srcu_down_read',
  'srcu_up_read',
  'synchronize_srcu',
  'synchronize_srcu_expedited',
  'spin_lock',
  'spin_unlock',
  'spin_trylock',
  'smp_memb',
] as const;

/** One of {@link KERNEL_CALLS}, by its name in C. */
export type KernelCall = (typeof KERNEL_CALLS)[number];
