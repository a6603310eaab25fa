import { DecisionKind, decisionKind, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import { isSameDecision } from './event-record.js';
import type { EventRecord } from './event-record.js';
import type { KernelChoices } from './kernel-choices.js';
import type { MachineView } from './machine-view.js';
import type { NodeStates } from './node-states.js';
import type { Branch } from './wakeup-tree.js';

/** What a planner of kernel events works on. */
export interface PlannerParts {
  readonly log: EventLog;
  readonly nodes: NodeStates;
  readonly choices: KernelChoices;
  readonly view: MachineView;
  /** Ids of the CPUs, in the order in which the log numbers them. */
  readonly cpuIds: readonly number[];
}

/**
 * Plans what the kernel could do at a point instead of what is done there.
 *
 * The kernel events of a CPU are alternatives to the steps of its thread: wherever such a step is
 * explored, they are as well. Those of a CPU that cannot step are explored at every point.
 */
export class KernelPlanner {
  /** Whether the bound on kernel events kept anything from being tried. */
  boundReached = false;
  readonly #parts: PlannerParts;
  #bound = 0;
  #mayInject = false;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  /**
   * Starts a search.
   *
   * @param bound most kernel events of an execution
   * @param mayInject whether the machine allows any
   */
  begin(bound: number, mayInject: boolean): void {
    this.#bound = bound;
    this.#mayInject = mayInject;
    this.boundReached = false;
  }

  /** Whether kernel events are to be tried, or at least noticed. */
  get isWatching(): boolean {
    return this.#mayInject && (this.#bound > 0 || !this.boundReached);
  }

  /**
   * Prepares a point where something may be planned already.
   *
   * @returns what comes first there, if anything; `covered` where nothing there need be tried
   */
  arrive(depth: number, point: DecisionPoint): Branch | 'covered' | undefined {
    const { nodes, choices, view, cpuIds, log } = this.#parts;
    const branches = nodes.branches[depth]!;
    const hasDevices = point.timers.earliest() >= 0 || point.pageIns.earliest() >= 0;
    if (!this.isWatching && !hasDevices) return branches.shift();
    choices.look(point);
    const exit = this.#unseenExit(depth);
    if (exit !== undefined) return exit;
    const planned = branches.shift();
    const taken = planned?.record.decision;
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      const step = encodeDecision(DecisionKind.Step, cpu, 1);
      if (nodes.isAsleep(depth, step) || !view.canStep(point, cpu, dense))
        this.#openProcess(depth, dense, taken);
    }
    this.#openProcess(depth, log.processes - 1, taken);
    return planned;
  }

  /**
   * Plans the alternatives to an event that a process is about to take.
   *
   * @returns whether there can be any: false where the machine offers nothing else
   */
  open(depth: number, process: number, decision: Decision, point: DecisionPoint): boolean {
    if (!this.isWatching) return true;
    this.#parts.choices.look(point);
    this.#openProcess(depth, process, decision);
    return this.#parts.choices.onlyStep !== decision;
  }

  /** Plans one event at a point, unless it is planned already or need not be tried. */
  plan(
    depth: number,
    process: number,
    decision: number,
    answers: readonly number[] | undefined,
  ): void {
    const { nodes } = this.#parts;
    const branches = nodes.branches[depth]!;
    const isKnown = (record: EventRecord): boolean => isSameDecision(record, decision, answers);
    if (nodes.asleep[depth]!.some(isKnown)) return;
    if (branches.some(({ record }) => isKnown(record))) return;
    branches.unshift({ record: { process, decision, answers, footprint: undefined }, next: [] });
  }

  /**
   * Plans the steps that an event prevented for good: those of threads that lost their CPU by what
   * another CPU did. There is no race to be found with what never happens.
   *
   * @param point the point behind the event; undefined where the run was over
   */
  planDisabled(event: number, point: DecisionPoint | undefined): void {
    const { log, nodes, cpuIds } = this.#parts;
    if ((log.flags[event]! & EventFlag.Universal) === 0 && log.touches[event] === 0) return;
    const own = log.cpuOf(log.process[event]!);
    const threads = nodes.threads[event]!;
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      const thread = threads[dense]!;
      if (dense === own || thread < 0 || point?.currentOn(cpu) === thread) continue;
      this.plan(event, dense, encodeDecision(DecisionKind.Step, cpu, 1), undefined);
    }
  }

  /** Whether a process can take a decision at a point. */
  isPossible(process: number, decision: Decision, point: DecisionPoint): boolean {
    const { cpuIds, log, view, choices } = this.#parts;
    const kind = decisionKind(decision);
    if (kind === DecisionKind.Step) return view.canStep(point, cpuIds[process]!, process);
    if (kind === DecisionKind.Drain) return point.pendingStores(cpuIds[process - log.cpus]!) > 0;
    choices.look(point);
    return choices.has(decision);
  }

  /** All that could be decided at a point, but for what is asleep there. */
  alternatives(depth: number, point: DecisionPoint): EventRecord[] {
    const { log, nodes, choices, view, cpuIds } = this.#parts;
    const found: EventRecord[] = [];
    const add = (process: number, decision: number): void => {
      if (!nodes.asleep[depth]!.some((record) => isSameDecision(record, decision, undefined)))
        found.push({ process, decision, answers: undefined, footprint: undefined });
    };
    choices.look(point);
    const exit = choices.onlyStep;
    if (this.isWatching && exit >= 0) {
      add(choices.processOf(exit as Decision), exit);
      return found;
    }
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      if (view.canStep(point, cpu, dense)) add(dense, encodeDecision(DecisionKind.Step, cpu, 1));
      if (point.pendingStores(cpu) > 0)
        add(log.cpus + dense, encodeDecision(DecisionKind.Drain, cpu, 0));
    }
    for (let process = 0; process < log.processes; process++)
      choices.of(process, (decision, isInjected) => {
        if (!isInjected || log.eventsBefore(depth) < this.#bound) add(process, decision);
        else this.boundReached = true;
      });
    return found;
  }

  /**
   * Where a thread exits unseen, that comes before all else, since it commutes with everything; what
   * is planned is put off.
   */
  #unseenExit(depth: number): Branch | 'covered' | undefined {
    const { choices, nodes } = this.#parts;
    const decision = choices.onlyStep as Decision;
    if (decision < 0) return undefined;
    const planned = nodes.branches[depth]!;
    if (planned[0]?.record.decision === decision) return planned.shift();
    const process = choices.processOf(decision);
    const next = without(planned, process);
    planned.length = 0;
    if (nodes.isAsleep(depth, decision)) return 'covered';
    return { record: { process, decision, answers: undefined, footprint: undefined }, next };
  }

  #openProcess(depth: number, process: number, taken: number | undefined): void {
    const { nodes, log, choices } = this.#parts;
    const opened = nodes.opened[depth]!;
    if (opened.includes(process)) return;
    opened.push(process);
    const before = log.eventsBefore(depth);
    choices.of(process, (decision, isInjected) => {
      if (isInjected && before >= this.#bound) this.boundReached = true;
      else if (decision !== taken) this.plan(depth, process, decision, undefined);
    });
  }
}

/** A plan without the first event of a process on each way through it. */
function without(branches: readonly Branch[], process: number): Branch[] {
  return branches.flatMap(({ record, next }) =>
    record.process === process ? next : [{ record, next: without(next, process) }],
  );
}
