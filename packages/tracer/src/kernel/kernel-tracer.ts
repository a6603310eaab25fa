import { SwitchReason } from '@rseqlab/sim-machine';
import type { FaultEventKind, Machine, MachineEventMap } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import { PacketMaker } from '../consumer/packet-maker.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import { eventClass, writePayload } from '../events/event-definition.js';
import type { EventDefinition, EventValues } from '../events/event-definition.js';
import { PayloadWriter } from '../events/payload-writer.js';
import { describeTrace, streamClassOf } from '../session/describe-trace.js';
import { KERNEL_EVENTS } from './kernel-events.js';
import type { KernelEventFields, KernelEventName } from './kernel-events.js';
import { KernelRings } from './kernel-rings.js';
import { SleepingCalls } from './sleeping-calls.js';
import { TaskView } from './task-view.js';

const CHANNEL = 'kernel';
const GEOMETRY = { subbufBytes: 65536, subbufCount: 2, mode: 'discard', isShared: false } as const;

/** How a tracer of the kernel counts time. */
export interface KernelTracerOptions {
  readonly clock: TraceClock;
  /**
   * Whether the CPUs' clocks tell simulated time; if not, as under directors that search or draw, times say
   * in which order things happened and no more.
   */
  readonly isTimed: boolean;
}

/**
 * Records what a machine's kernel does, from outside: the run is the same as without it.
 *
 * From {@link KernelTracer.attach} to {@link finish} everything is recorded.
 */
export class KernelTracer {
  readonly #machine: Machine;
  readonly #isTimed: boolean;
  readonly #rings: KernelRings;
  readonly #tasks: TaskView;
  readonly #calls = new SleepingCalls();
  readonly #writer = new PayloadWriter();
  readonly #detach: (() => void)[] = [];
  readonly #ids: ReadonlyMap<string, number>;
  /** By CPU: a thread that left it, where the next one is not known yet. */
  readonly #leaving: (SwitchOut | undefined)[] = [];
  #lastCycles = 0;
  readonly #lastOfCpu: Float64Array;

  private constructor(machine: Machine, sink: TraceSink, options: KernelTracerOptions) {
    this.#machine = machine;
    this.#isTimed = options.isTimed;
    this.#tasks = new TaskView(machine);
    this.#lastOfCpu = new Float64Array(machine.cpus.capacity);
    const events = Object.values(KERNEL_EVENTS).map((event, id) => {
      const definition = event as unknown as EventDefinition;
      return { definition, type: eventClass(definition, id) };
    });
    this.#ids = new Map(events.map(({ definition }, id) => [definition.name, id]));
    const stream = streamClassOf(0, 'large', events);
    const origin = { domain: 'kernel', name: CHANNEL, clock: options.clock } as const;
    const trace = describeTrace(origin, machine.description, [stream]);
    sink.metadata(metadataText(trace));
    const maker = new PacketMaker(trace, stream, 'large', events, GEOMETRY.subbufBytes);
    this.#rings = new KernelRings(machine.cpus.capacity, GEOMETRY, options.clock, (content) =>
      sink.packet(streamName(CHANNEL, content.cpu), maker.make(content)),
    );
  }

  /** Records what the machine does from now on. */
  static attach(machine: Machine, sink: TraceSink, options: KernelTracerOptions): KernelTracer {
    const tracer = new KernelTracer(machine, sink, options);
    tracer.#listenToScheduler();
    tracer.#listenToThreads();
    return tracer;
  }

  /** Stops recording; every CPU has at least one packet then. */
  finish(): void {
    for (const detach of this.#detach) detach();
    this.#detach.length = 0;
    for (const cpu of this.#machine.cpus.possible) {
      this.#switchToIdle(cpu);
      this.#rings.closeOrMakeEmpty(cpu, this.#now(cpu));
    }
  }

  #listenToScheduler(): void {
    this.#on('switch', ({ cpu, previous, next, reason }) => {
      if (reason === SwitchReason.Blocked) this.#calls.blocked(previous);
      if (next < 0) {
        this.#switchToIdle(cpu);
        this.#leaving[cpu] = { thread: previous, reason, cycles: this.#now(cpu) };
        return;
      }
      const left = this.#leaving[cpu];
      if (left?.cycles === this.#now(cpu)) {
        this.#leaving[cpu] = undefined;
        this.#switch(cpu, left.thread, next, left.reason);
      } else {
        this.#switchToIdle(cpu);
        this.#switch(cpu, previous, next, reason);
      }
      const id = this.#calls.resumed(next);
      const ret = this.#registerOf(next, RESULT);
      if (id !== undefined) this.#record('sys_exit', cpu, { id, ret });
    });
    this.#on('wakeup', ({ thread, cpu, created }) => {
      const name = created ? 'sched_wakeup_new' : 'sched_wakeup';
      const task = this.#tasks.of(thread, cpu);
      this.#record(name, this.#activeCpu(cpu), { ...task, target_cpu: cpu });
    });
    this.#on('migration', ({ thread, from, to }) => {
      const task = this.#tasks.of(thread, from);
      const cpus = { orig_cpu: from, dest_cpu: to };
      this.#record('sched_migrate_task', this.#activeCpu(from), { ...task, ...cpus });
    });
  }

  #listenToThreads(): void {
    const cpuOf = (thread: number): number => this.#machine.threads.cpu[thread]!;
    this.#on('syscall', ({ thread, cpu, number, args }) => {
      this.#calls.entered(thread, number);
      this.#record('sys_enter', cpu, { id: number, args: args.map((each) => each >>> 0) });
    });
    this.#on('syscallExit', ({ thread, number, result }) => {
      this.#calls.ended(thread);
      this.#record('sys_exit', cpuOf(thread), { id: number, ret: result });
    });
    this.#on('signal', (event) => {
      const { thread, signal: sig, code } = event;
      const cpu = this.#activeCpu(cpuOf(thread));
      // No signal here carries an errno.
      const info = { sig, errno: 0, code };
      if (event.isDelivery) {
        const { handler: sa_handler, flags } = event;
        this.#record('signal_deliver', cpu, { ...info, sa_handler, sa_flags: flags >>> 0 });
        return;
      }
      const { comm, tid: pid } = this.#tasks.of(thread, cpuOf(thread));
      const group = event.toProcess ? 1 : 0;
      const result = event.action === 'ignored' ? TRACE_SIGNAL_IGNORED : TRACE_SIGNAL_DELIVERED;
      this.#record('signal_generate', cpu, { ...info, comm, pid, group, result });
    });
    this.#on('fault', ({ thread, cpu, address, kind }) => {
      // What blocks now is no system call.
      this.#calls.ended(thread);
      const ip = thread < 0 ? 0 : this.#registerOf(thread, IP) >>> 0;
      const error_code = FAULT_CODES[kind];
      this.#record('page_fault_user', cpu, { address: address >>> 0, ip, error_code });
    });
    this.#on('cpuNumber', ({ cpu, node, concurrencyId }) => {
      this.#record('rseq_update', cpu, { cpu_id: cpu, node_id: node, mm_cid: concurrencyId });
    });
    this.#on('abort', ({ cpu, from, to }) => {
      const section = this.#sectionAt(from);
      this.#record('rseq_ip_fixup', cpu, {
        regs_ip: from >>> 0,
        start_ip: section.start,
        post_commit_offset: section.length,
        abort_ip: to >>> 0,
      });
    });
    this.#on('spawn', ({ thread, parent }) => {
      const child = this.#tasks.of(thread, 0);
      const cpu = parent < 0 ? this.#machine.cpus.possible[0]! : cpuOf(parent);
      const { comm, tid } = this.#tasks.of(parent, cpu);
      this.#record('sched_process_fork', cpu, {
        parent_comm: comm,
        parent_tid: tid,
        child_comm: child.comm,
        child_tid: child.tid,
        child_pid: this.#machine.process(this.#machine.threads.process[thread]!).pid,
      });
    });
    this.#on('exit', ({ thread }) => {
      this.#calls.ended(thread);
      this.#record('sched_process_exit', cpuOf(thread), this.#tasks.of(thread, 0));
    });
  }

  #on<Name extends keyof MachineEventMap>(
    name: Name,
    listener: (...args: MachineEventMap[Name]) => void,
  ): void {
    const { events } = this.#machine;
    events.on(name, listener);
    this.#detach.push(() => events.off(name, listener));
  }

  #record<Name extends KernelEventName>(
    name: Name,
    cpu: number,
    values: EventValues<KernelEventFields[Name]>,
  ): void {
    this.#switchToIdle(cpu);
    this.#append(name, cpu, this.#now(cpu), values);
  }

  #append<Name extends KernelEventName>(
    name: Name,
    cpu: number,
    cycles: number,
    values: EventValues<KernelEventFields[Name]>,
  ): void {
    this.#writer.begin();
    writePayload(this.#writer, KERNEL_EVENTS[name], values);
    this.#rings.record(cpu, cycles, this.#ids.get(name)!, this.#writer.words());
  }

  /** A thread has left the CPU, and nothing came in its place at once: the CPU idled. */
  #switchToIdle(cpu: number): void {
    const left = this.#leaving[cpu];
    if (left === undefined) return;
    this.#leaving[cpu] = undefined;
    this.#switch(cpu, left.thread, -1, left.reason, left.cycles);
  }

  #switch(
    cpu: number,
    previous: number,
    next: number,
    reason: SwitchReason,
    cycles: number = this.#now(cpu),
  ): void {
    const [from, to] = [this.#tasks.of(previous, cpu), this.#tasks.of(next, cpu)];
    this.#append('sched_switch', cpu, cycles, {
      prev_comm: from.comm,
      prev_tid: from.tid,
      prev_prio: from.prio,
      prev_state: previous < 0 ? 0 : TASK_STATES[reason],
      next_comm: to.comm,
      next_tid: to.tid,
      next_prio: to.prio,
    });
  }

  /** The CPU that does what happens now, as far as it is known: a thread that has ended is on none. */
  #activeCpu(otherwise: number): number {
    const { activeThread, threads } = this.#machine;
    const cpu = activeThread < 0 ? -1 : threads.cpu[activeThread]!;
    return cpu < 0 ? otherwise : cpu;
  }

  #now(cpu: number): number {
    const own = Math.floor(this.#machine.cpus.cycles[cpu]!);
    if (this.#isTimed) return (this.#lastOfCpu[cpu] = Math.max(this.#lastOfCpu[cpu]!, own));
    return (this.#lastCycles = Math.max(this.#lastCycles, own));
  }

  #registerOf(thread: number, register: number): number {
    const { base } = this.#machine.thread(thread);
    return this.#machine.threads.registers[base + register]!;
  }

  /** The section that an address lies in; zeros when it is in none that is known. */
  #sectionAt(ip: number): { readonly start: number; readonly length: number } {
    const installed = this.#machine.programAt(ip);
    const offset = installed === undefined ? 0 : ip - installed.address;
    const section = installed?.program.sections.find(
      ({ start, postCommit }) => start <= offset && offset < postCommit,
    );
    if (installed === undefined || section === undefined) return { start: 0, length: 0 };
    const start = (installed.address + section.start) >>> 0;
    return { start, length: section.postCommit - section.start };
  }
}

/** Registers of a thread: what a system call returns, and the instruction pointer. */
const RESULT = 0;
const IP = 16;

/** Results of sending a signal. @source include/trace/events/signal.h */
const TRACE_SIGNAL_DELIVERED = 0;
const TRACE_SIGNAL_IGNORED = 1;

/** A thread that has left its CPU. */
interface SwitchOut {
  readonly thread: number;
  readonly reason: SwitchReason;
  readonly cycles: number;
}

/** State of a thread that leaves its CPU. @source include/linux/sched.h (TASK_REPORT) */
const TASK_STATES: Readonly<Record<SwitchReason, number>> = {
  [SwitchReason.Preempted]: 0,
  [SwitchReason.Yielded]: 0,
  [SwitchReason.Migrated]: 0,
  [SwitchReason.Blocked]: 1,
  [SwitchReason.Stopped]: 4,
  [SwitchReason.Exited]: 0x10,
};

/** Error codes of the processor: user mode, and a page that is there. @source arch/x86, asm/trap_pf.h */
const FAULT_CODES: Readonly<Record<FaultEventKind, number>> = {
  minor: 4,
  major: 4,
  cow: 7,
  segv: 4,
};
