import { array, textArray } from '../events/composed-fields.js';
import { i32, i64, u32 } from '../events/field.js';
import { defineKernelEvent } from './kernel-event.js';

/** Bytes of a thread's name. @source include/linux/sched.h, TASK_COMM_LEN */
const TASK_COMM_LEN = 16;

const comm = textArray(TASK_COMM_LEN);
const address = u32({ base: 16 });

/**
 * The kernel's events, with the names of its tracepoints. Fields are called as LTTng's modules call them, which
 * is what readers of kernel traces look for: thread ids are `tid`, where the kernel says `pid`.
 *
 * @source linux, include/trace/events (sched.h, signal.h, syscalls.h, rseq.h); arch/x86 exceptions.h;
 *   lttng-modules, include/instrumentation/events
 */
export const KERNEL_EVENTS = {
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
  signal_generate: defineKernelEvent('signal_generate', { sig: i32(), comm, tid: i32() }),
  signal_deliver: defineKernelEvent('signal_deliver', { sig: i32(), comm, tid: i32() }),
  sys_enter: defineKernelEvent('sys_enter', { id: i64(), args: array(u32({ base: 16 }), 6) }),
  sys_exit: defineKernelEvent('sys_exit', { id: i64(), ret: i64() }),
  page_fault_user: defineKernelEvent('page_fault_user', {
    address,
    ip: address,
    error_code: u32({ base: 16 }),
  }),
  rseq_ip_fixup: defineKernelEvent('rseq_ip_fixup', {
    regs_ip: address,
    start_ip: address,
    post_commit_offset: u32(),
    abort_ip: address,
  }),
} as const;

/** The name of one of {@link KERNEL_EVENTS}. */
export type KernelEventName = keyof typeof KERNEL_EVENTS;
