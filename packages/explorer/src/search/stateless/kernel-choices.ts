import {
  DecisionKind,
  decisionKind,
  decisionX,
  decisionY,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';

/** Kinds whose effects stay on their CPU, but for what the machine tells of while it happens. */
const LOCAL_KINDS: ReadonlySet<number> = new Set([
  DecisionKind.Preempt,
  DecisionKind.Migrate,
  DecisionKind.Tick,
  DecisionKind.Signal,
]);

/** What could be decided at one point apart from steps and drains. */
export class KernelChoices {
  readonly #machine: Machine;
  readonly #log: EventLog;
  readonly #denseCpu: readonly number[];
  readonly #possible: Decision[] = [];
  #count = 0;

  constructor(machine: Machine, log: EventLog, denseCpu: readonly number[]) {
    this.#machine = machine;
    this.#log = log;
    this.#denseCpu = denseCpu;
    const { events } = machine;
    events.on('wakeup', () => {
      this.#note(EventFlag.Universal, 0);
    });
    events.on('hotplug', () => {
      this.#note(EventFlag.Universal, 0);
    });
    events.on('signal', ({ action }) => {
      if (action === 'default') this.#note(EventFlag.Universal, 0);
    });
    events.on('migration', ({ from, to }) => {
      this.#note(0, this.#bit(from) | this.#bit(to));
    });
    events.on('fault', () => {
      this.#enteredKernel();
    });
    events.on('switch', ({ cpu }) => {
      this.#note(0, this.#bit(cpu));
    });
  }

  /** Whether what the machine tells of belongs to an event that is being added to the log. */
  isOn = false;

  /** Looks at what is possible at the point at hand. */
  look(point: DecisionPoint): void {
    this.#count = point.enumerate(this.#possible);
  }

  /** The only thing that can be decided, where that is a step; otherwise -1. */
  get onlyStep(): number {
    const decision = this.#possible[0]!;
    return this.#count === 1 && decisionKind(decision) === DecisionKind.Step ? decision : -1;
  }

  /** Whether a decision is possible at the point that was looked at. */
  has(decision: number): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#possible[i] === decision) return true;
    return false;
  }

  /** Calls `visit` with every decision that belongs to a process, steps and drains left out. */
  of(process: number, visit: (decision: Decision, isKernelEvent: boolean) => void): void {
    for (let i = 0; i < this.#count; i++) {
      const decision = this.#possible[i]!;
      const kind = decisionKind(decision);
      if (kind === DecisionKind.Step || kind === DecisionKind.Drain) continue;
      if (this.processOf(decision) === process) visit(decision, isKernelEvent(decision));
    }
  }

  /** The process that a decision is an event of; see {@link EventLog}. */
  processOf(decision: Decision): number {
    const { cpus, processes } = this.#log;
    const x = decisionX(decision);
    switch (decisionKind(decision)) {
      case DecisionKind.Step:
      case DecisionKind.Preempt:
      case DecisionKind.Tick:
      case DecisionKind.Offline:
      case DecisionKind.Online:
        return this.#denseCpu[x]!;
      case DecisionKind.Drain:
        return cpus + this.#denseCpu[x]!;
      case DecisionKind.Migrate:
      case DecisionKind.Signal:
      case DecisionKind.PageOut:
      case DecisionKind.SpuriousWake:
        return this.#denseCpu[this.#machine.threads.cpu[decisionY(decision)]!] ?? 0;
      case DecisionKind.Kill:
        return 0;
      default:
        return processes - 1;
    }
  }

  /** What is special about an event that is no step; {@link EventFlag} bits. */
  flagsOf(decision: Decision): number {
    const kind = decisionKind(decision);
    if (kind === DecisionKind.Drain) return 0;
    return EventFlag.AfterDrains | (LOCAL_KINDS.has(kind) ? 0 : EventFlag.Universal);
  }

  /** The last event of the log is more than an access to memory. */
  #enteredKernel(): void {
    if (this.isOn) this.#log.flags[this.#log.length - 1]! &= ~EventFlag.Plain;
  }

  #bit(cpu: number): number {
    return 1 << ((this.#denseCpu[cpu] ?? 0) % 31);
  }

  /** Something happened in the course of the last event of the log. */
  #note(flags: number, touches: number): void {
    if (!this.isOn) return;
    const log = this.#log;
    const event = log.length - 1;
    const own = log.cpuOf(log.process[event]!);
    log.flags[event]! |= flags;
    log.touches[event]! |= own < 0 ? touches : touches & ~(1 << (own % 31));
  }
}
