import {
  DecisionKind,
  Machine,
  NO_DECISION,
  REGISTER_STRIDE,
  RegisterFile,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  Director,
  KernelModule,
  MachineConfig,
  MachineEventMap,
  MachineEventName,
  Process,
} from '@rseqlab/sim-machine';
import { rseq } from '../src/kernel/rseq-module.js';
import type { RseqOptions } from '../src/kernel/rseq-options.js';
import { RseqOffset } from '../src/kernel/rseq-abi.js';

/** Decisions, as a test writes them. */
export const step = (cpu: number, budget = 1): Decision =>
  encodeDecision(DecisionKind.Step, cpu, budget);
export const preempt = (cpu: number, next: number): Decision =>
  encodeDecision(DecisionKind.Preempt, cpu, next);
export const migrate = (thread: number, cpu: number): Decision =>
  encodeDecision(DecisionKind.Migrate, cpu, thread);
export const signal = (number: number, thread: number): Decision =>
  encodeDecision(DecisionKind.Signal, number, thread);
export const pageOut = (thread: number): Decision =>
  encodeDecision(DecisionKind.PageOut, 0, thread);
export const tick = (cpu: number): Decision => encodeDecision(DecisionKind.Tick, cpu, 0);
export const timer = (number: number): Decision => encodeDecision(DecisionKind.Timer, 0, number);
export const offline = (cpu: number): Decision => encodeDecision(DecisionKind.Offline, cpu, 0);
export const pageIn = (thread: number): Decision => encodeDecision(DecisionKind.PageIn, 0, thread);

/** Number of a system call that does nothing but ask for the exit work of modules. */
export const NOTIFY = 400;

/** A module with {@link NOTIFY}. */
const notifier: KernelModule = {
  name: 'notifier',
  attach(kernel) {
    kernel.registerSyscall(NOTIFY, (thread) => {
      kernel.notifyResume(thread);
      return 0;
    });
    return {};
  },
};

/** A machine with rseq and one process, moved by hand, instruction by instruction. */
export class HandMachine {
  readonly machine: Machine;
  readonly process: Process;
  readonly #pending: Decision[] = [];

  constructor(options: RseqOptions = {}, config: MachineConfig = {}) {
    const pending = this.#pending;
    const director: Director = {
      name: 'hand',
      scheduling: 'free',
      granularity: 'instruction',
      decide: () => pending.shift() ?? NO_DECISION,
      choose: () => 0,
    };
    this.machine = new Machine(
      {
        cpus: 3,
        maxThreads: 4,
        maxProcesses: 4,
        memoryBytes: 2 ** 22,
        kernel: [rseq(options), notifier],
        ...config,
      },
      director,
    );
    this.process = this.machine.createProcess('main');
  }

  /** Makes these decisions and returns how the run stands. */
  decide(...decisions: readonly Decision[]): string {
    this.#pending.push(...decisions);
    return this.machine.run().outcome;
  }

  /** Steps a CPU until its thread is at an address. */
  stepTo(cpu: number, address: number): void {
    for (let steps = 0; steps < 1000; steps++) {
      const thread = this.machine.cpus.current[cpu]!;
      if (thread >= 0 && this.ip(thread) === address) return;
      this.decide(step(cpu));
    }
    throw new Error(`CPU ${cpu} never got to ${address}`);
  }

  /** Runs everything that is left, CPU by CPU. */
  finish(): string {
    let outcome = this.decide();
    while (outcome === 'stopped') {
      const cpu = this.machine.cpus.possible.find((id) => this.machine.cpus.current[id]! >= 0);
      if (cpu === undefined) return outcome;
      outcome = this.decide(step(cpu, 1000));
    }
    return outcome;
  }

  /** The step of a thread that runs, whatever CPU it is on. */
  stepOf(thread: number): Decision {
    return step(this.machine.threads.cpu[thread]!);
  }

  /** Where a thread is. */
  ip(thread: number): number {
    return this.machine.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
  }

  /** The rseq area of a thread, as the C library lays it out. */
  areaOf(thread: number): number {
    return this.machine.thread(thread).threadPointer;
  }

  /** The fields of an rseq area. */
  fields(area: number): { cpuIdStart: number; cpuId: number; rseqCs: number; rseqCsHigh: number } {
    const read = (offset: number): number => this.process.read32(area + offset);
    return {
      cpuIdStart: read(RseqOffset.cpuIdStart),
      cpuId: read(RseqOffset.cpuId),
      rseqCs: read(RseqOffset.rseqCs),
      rseqCsHigh: read(RseqOffset.rseqCsHigh),
    };
  }

  /** The ids in an rseq area. */
  ids(area: number): { cpuIdStart: number; cpuId: number; nodeId: number; mmCid: number } {
    const { cpuIdStart, cpuId } = this.fields(area);
    const nodeId = this.process.read32(area + RseqOffset.nodeId);
    return { cpuIdStart, cpuId, nodeId, mmCid: this.process.read32(area + RseqOffset.mmCid) };
  }

  /** Notes events from now on. */
  heard<Name extends MachineEventName>(name: Name): MachineEventMap[Name][0][] {
    const events: MachineEventMap[Name][0][] = [];
    this.machine.events.on(name, (event: MachineEventMap[Name][0]) => {
      events.push(event);
    });
    return events;
  }
}
