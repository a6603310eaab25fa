import { array, textArray } from '../events/composed-fields.js';
import type { EventDefinition } from '../events/event-definition.js';
import { i32, i64, u32 } from '../events/field.js';
import type { Field } from '../events/field.js';
import { defineKernelEvent } from './kernel-event.js';

/** Bytes of a thread's name. @source include/linux/sched.h, TASK_COMM_LEN */
const TASK_COMM_LEN = 16;

const comm = textArray(TASK_COMM_LEN);
const address = u32({ base: 16 });

/** The fields of each of the kernel's events. */
export interface KernelEventFields {
  readonly sched_switch: {
    readonly prev_comm: Field<string>;
    readonly prev_tid: Field<number>;
    readonly prev_prio: Field<number>;
    readonly prev_state: Field<number | bigint>;
    readonly next_comm: Field<string>;
    readonly next_tid: Field<number>;
    readonly next_prio: Field<number>;
  };
  readonly sched_wakeup: {
    readonly comm: Field<string>;
    readonly tid: Field<number>;
    readonly prio: Field<number>;
    readonly target_cpu: Field<number>;
  };
  readonly sched_wakeup_new: {
    readonly comm: Field<string>;
    readonly tid: Field<number>;
    readonly prio: Field<number>;
    readonly target_cpu: Field<number>;
  };
  readonly sched_migrate_task: {
    readonly comm: Field<string>;
    readonly tid: Field<number>;
    readonly prio: Field<number>;
    readonly orig_cpu: Field<number>;
    readonly dest_cpu: Field<number>;
  };
  readonly sched_process_fork: {
    readonly parent_comm: Field<string>;
    readonly parent_tid: Field<number>;
    readonly child_comm: Field<string>;
    readonly child_tid: Field<number>;
    readonly child_pid: Field<number>;
  };
  readonly sched_process_exit: {
    readonly comm: Field<string>;
    readonly tid: Field<number>;
    readonly prio: Field<number>;
  };
  readonly signal_generate: {
    readonly sig: Field<number>;
    readonly errno: Field<number>;
    readonly code: Field<number>;
    readonly comm: Field<string>;
    readonly pid: Field<number>;
    readonly group: Field<number>;
    readonly result: Field<number>;
  };
  readonly signal_deliver: {
    readonly sig: Field<number>;
    readonly errno: Field<number>;
    readonly code: Field<number>;
    readonly sa_handler: Field<number>;
    readonly sa_flags: Field<number>;
  };
  readonly sys_enter: {
    readonly id: Field<number | bigint>;
    readonly args: Field<readonly number[]>;
  };
  readonly sys_exit: {
    readonly id: Field<number | bigint>;
    readonly ret: Field<number | bigint>;
  };
  readonly page_fault_user: {
    readonly address: Field<number>;
    readonly ip: Field<number>;
    readonly error_code: Field<number>;
  };
  readonly rseq_update: {
    readonly cpu_id: Field<number>;
    readonly node_id: Field<number>;
    readonly mm_cid: Field<number>;
  };
  readonly rseq_ip_fixup: {
    readonly regs_ip: Field<number>;
    readonly start_ip: Field<number>;
    readonly post_commit_offset: Field<number>;
    readonly abort_ip: Field<number>;
  };
}

/** The name of one of {@link KERNEL_EVENTS}. */
export type KernelEventName = keyof KernelEventFields;

/**
 * The kernel's events, with the names of its tracepoints. Fields are called as LTTng's modules call them, which
 * is what readers of kernel traces look for: thread ids are `tid`, where the kernel says `pid`, but in signals. A handler
 * is told by its number in the process, since programs here have no address.
 *
 * @source linux, include/trace/events (sched.h, signal.h, syscalls.h, rseq.h); arch/x86 exceptions.h;
 *   lttng-modules, include/instrumentation/events
 */
export const KERNEL_EVENTS: {
  readonly [Name in KernelEventName]: EventDefinition<KernelEventFields[Name]>;
} = {
  sched_switch: defineKernelEvent('sched_switch', {
    prev_comm: comm,
    prev_tid: i32(),
    prev_prio: i32(),
    prev_state: i64(),
    next_comm: comm,
    next_tid: i32(),
    next_prio: i32(),
  }),
  sched_wakeup: defineKernelEvent('sched_wakeup', {
    comm,
    tid: i32(),
    prio: i32(),
    target_cpu: i32(),
  }),
  sched_wakeup_new: defineKernelEvent('sched_wakeup_new', {
    comm,
    tid: i32(),
    prio: i32(),
    target_cpu: i32(),
  }),
  sched_migrate_task: defineKernelEvent('sched_migrate_task', {
    comm,
    tid: i32(),
    prio: i32(),
    orig_cpu: i32(),
    dest_cpu: i32(),
  }),
  sched_process_fork: defineKernelEvent('sched_process_fork', {
    parent_comm: comm,
    parent_tid: i32(),
    child_comm: comm,
    child_tid: i32(),
    child_pid: i32(),
  }),
  sched_process_exit: defineKernelEvent('sched_process_exit', { comm, tid: i32(), prio: i32() }),
  signal_generate: defineKernelEvent('signal_generate', {
    sig: i32(),
    errno: i32(),
    code: i32(),
    comm,
    pid: i32(),
    group: i32(),
    result: i32(),
  }),
  signal_deliver: defineKernelEvent('signal_deliver', {
    sig: i32(),
    errno: i32(),
    code: i32(),
    sa_handler: address,
    sa_flags: address,
  }),
  sys_enter: defineKernelEvent('sys_enter', { id: i64(), args: array(u32({ base: 16 }), 6) }),
  sys_exit: defineKernelEvent('sys_exit', { id: i64(), ret: i64() }),
  page_fault_user: defineKernelEvent('page_fault_user', {
    address,
    ip: address,
    error_code: u32({ base: 16 }),
  }),
  rseq_update: defineKernelEvent('rseq_update', { cpu_id: i32(), node_id: i32(), mm_cid: i32() }),
  rseq_ip_fixup: defineKernelEvent('rseq_ip_fixup', {
    regs_ip: address,
    start_ip: address,
    post_commit_offset: u32(),
    abort_ip: address,
  }),
};
