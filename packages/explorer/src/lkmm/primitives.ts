import { ATOMIC_PRIMITIVES } from './atomic-primitives.js';
import type { CExpression, LoadOrder } from './c-expression.js';
import type { KernelCall } from './kernel-call.js';
import {
  actionPrimitive,
  valuePrimitive,
  type BareStatement,
  type ParameterKind,
  type Primitive,
} from './primitive.js';

const load =
  (order: LoadOrder) =>
  ([address]: readonly CExpression[]): CExpression => ({ kind: 'load', address: address!, order });

const store =
  (order: 'plain' | 'release') =>
  ([address, value]: readonly CExpression[]): BareStatement => ({
    kind: 'store',
    address: address!,
    value: value!,
    order,
  });

const FULL: BareStatement = { kind: 'fence', fence: 'full' };

const fence = (kind: 'full' | 'read' | 'write'): Primitive =>
  actionPrimitive([], () => [{ kind: 'fence', fence: kind }]);

const nothing = actionPrimitive([], () => []);

const call = (
  name: KernelCall,
  parameters: readonly ParameterKind[] = [],
  givesValue = false,
): [string, Primitive] => [name, { kind: 'call', call: name, parameters, givesValue }];

/**
 * Every name that a test may call, as the Linux kernel memory model has them.
 *
 * `rcu_dereference` is a plain load: what depends on it is ordered by its address.
 *
 * @source tools/memory-model/linux-kernel.def, Documentation/memory-barriers.txt
 */
export const PRIMITIVES: ReadonlyMap<string, Primitive> = new Map<string, Primitive>([
  ['READ_ONCE', valuePrimitive(['target'], load('plain'))],
  ['WRITE_ONCE', actionPrimitive(['target', 'value'], (given) => [store('plain')(given)])],
  ['smp_load_acquire', valuePrimitive(['pointer'], load('acquire'))],
  [
    'smp_store_release',
    actionPrimitive(['pointer', 'value'], (given) => [store('release')(given)]),
  ],
  ['smp_store_mb', actionPrimitive(['target', 'value'], (given) => [store('plain')(given), FULL])],
  ['rcu_dereference', valuePrimitive(['target'], load('plain'))],
  ['lockless_dereference', valuePrimitive(['target'], load('plain'))],
  [
    'rcu_assign_pointer',
    actionPrimitive(['target', 'value'], (given) => [store('release')(given)]),
  ],

  ['smp_mb', fence('full')],
  ['smp_rmb', fence('read')],
  ['smp_wmb', fence('write')],
  ['smp_mb__before_atomic', fence('full')],
  ['smp_mb__after_atomic', fence('full')],
  ['smp_mb__after_spinlock', fence('full')],
  ['smp_mb__after_unlock_lock', fence('full')],
  ['smp_mb__after_srcu_read_unlock', fence('full')],
  ['smp_read_barrier_depends', nothing],
  ['barrier', nothing],

  ['atomic_read', valuePrimitive(['pointer'], load('plain'))],
  ['atomic_read_acquire', valuePrimitive(['pointer'], load('acquire'))],
  ['atomic_set', actionPrimitive(['pointer', 'value'], (given) => [store('plain')(given)])],
  [
    'atomic_set_release',
    actionPrimitive(['pointer', 'value'], (given) => [store('release')(given)]),
  ],
  ...ATOMIC_PRIMITIVES,

  call('spin_lock', ['lock']),
  call('spin_unlock', ['lock']),
  call('spin_trylock', ['lock'], true),
  [
    'spin_is_locked',
    valuePrimitive(['lock'], (given) => ({
      kind: 'binary',
      operator: '!=',
      left: load('plain')(given),
      right: { kind: 'constant', value: 0 },
    })),
  ],

  call('rcu_read_lock'),
  call('rcu_read_unlock'),
  call('synchronize_rcu'),
  call('synchronize_rcu_expedited'),
  call('srcu_read_lock', ['srcu'], true),
  call('srcu_read_unlock', ['srcu', 'value']),
  call('srcu_down_read', ['srcu'], true),
  call('srcu_up_read', ['srcu', 'value']),
  call('synchronize_srcu', ['srcu']),
  call('synchronize_srcu_expedited', ['srcu']),
  call('smp_memb'),
]);
