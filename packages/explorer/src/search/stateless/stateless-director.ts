import { DecisionKind, NO_DECISION, encodeDecision, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, Machine } from '@rseqlab/sim-machine';
import { AccessCollector } from './access-collector.js';
import { Clocks } from './clocks.js';
import { AccessMode, EventFlag, EventLog } from './event-log.js';
import { conflictsWithLast, isSameDecision, recordOf } from './event-record.js';
import type { EventRecord } from './event-record.js';
import { KernelChoices } from './kernel-choices.js';
import { LocationIds } from './location-ids.js';
import { MachineView } from './machine-view.js';
import { NodeStates } from './node-states.js';
import { RaceAnalysis } from './race-analysis.js';
import { RaceReversal } from './race-reversal.js';
import { WakeupSequences } from './wakeup-tree.js';
import type { Branch } from './wakeup-tree.js';

const WORD = 15;

/** Where a search begins: a sequence of events, and what need not be tried behind it. */
export interface StartingPoint {
  readonly prefix: readonly EventRecord[];
  readonly asleep: readonly EventRecord[];
}

/**
 * Takes one execution of every class, run after run, until {@link advance} says that there is none
 * left.
 *
 * Depth first. Every event is ordered behind those it conflicts with; where two conflicting events
 * could have come the other way round, an execution is planned in which they do
 * ({@link RaceReversal}). Invariant: what comes after a prefix of events depends on these alone, so
 * that replaying their decisions leads to where they led before.
 */
export class StatelessDirector implements Director {
  readonly name = 'stateless';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Whether the run was given up, since all that it could come to is found elsewhere. */
  isRedundant = false;
  /** Whether the bound on kernel events kept anything from being tried. */
  boundReached = false;
  readonly log: EventLog;
  readonly locations: LocationIds = new LocationIds();
  readonly collector: AccessCollector;
  readonly #nodes = new NodeStates();
  readonly #analysis: RaceAnalysis;
  readonly #reversal: RaceReversal;
  readonly #view: MachineView;
  readonly #choices: KernelChoices;
  readonly #cpuIds: readonly number[];
  #bound = 0;
  #mayInject = false;
  #start: StartingPoint = { prefix: [], asleep: [] };
  /** Events that the run repeats, and how many of them it has repeated. */
  #repeated = 0;
  #cursor = 0;
  /** What to take at the point where the run stops repeating. */
  #next: Branch | undefined;
  /** What is to be explored behind the event that was taken last. */
  #behind: Branch[] = [];
  #isOpen = false;
  /** Whether the run ended at a point that was prepared: more may be planned there. */
  #isAtEnd = false;
  #unwanted = 0;
  #answered = 0;
  #script: readonly number[] | undefined;

  /**
   * @param machine - the machine whose runs it decides
   * @param capacity - stores that a CPU can buffer
   */
  constructor(machine: Machine, capacity: number) {
    this.#cpuIds = machine.cpus.possible;
    const denseCpu: number[] = [];
    this.#cpuIds.forEach((cpu, index) => (denseCpu[cpu] = index));
    const log = (this.log = new EventLog(this.#cpuIds.length));
    const clocks = new Clocks(log.processes);
    const wakeups = new WakeupSequences(log, clocks);
    this.#reversal = new RaceReversal(log, clocks, this.#nodes, wakeups);
    this.#analysis = new RaceAnalysis(log, clocks, this.#reversal);
    this.collector = new AccessCollector(machine, log, this.locations, denseCpu);
    this.#view = new MachineView(machine, log, this.locations, capacity);
    this.#choices = new KernelChoices(machine, log, denseCpu);
  }

  /** Kernel events of the run. */
  get events(): number {
    return this.log.eventsBefore(this.log.length);
  }

  /** Whether anything took part in the run but threads' own steps and the draining of stores. */
  get isMixed(): boolean {
    const { log } = this;
    if (this.events > 0 || log.lastUniversal >= 0) return true;
    for (let event = 0; event < log.length; event++)
      if (log.answers[event] !== undefined) return true;
    return false;
  }

  /**
   * Starts a search.
   *
   * @param bound - most kernel events of an execution
   * @param mayInject - whether the machine allows any
   */
  begin(start: StartingPoint, bound: number, mayInject: boolean): void {
    this.#start = start;
    this.#bound = bound;
    this.#mayInject = mayInject;
    this.#reversal.floor = start.prefix.length;
    this.boundReached = false;
    this.#nodes.asleep.length = 0;
    if (start.prefix.length === 0) this.#nodes.sleep(0, start.asleep);
    this.log.truncate(0);
    this.#repeated = 0;
    this.#next = undefined;
    let behind: Branch[] = [];
    for (const record of [...start.prefix].reverse()) behind = [{ record, next: behind }];
    this.#behind = behind;
  }

  start(): void {
    this.#cursor = 0;
    this.#isOpen = false;
    this.isRedundant = false;
    this.#isAtEnd = false;
    this.collector.isOn = false;
    this.#choices.isOn = false;
  }

  /** Moves to the next execution; false when none is left. */
  advance(): boolean {
    const { log } = this;
    const { branches, asleep } = this.#nodes;
    const floor = this.#reversal.floor;
    let depth = log.length;
    let next = this.#isAtEnd ? branches[depth]!.shift() : undefined;
    while (next === undefined && depth > floor) {
      depth -= 1;
      next = branches[depth]!.shift();
      if (next !== undefined) this.#nodes.sleep(depth, [...asleep[depth]!, recordOf(log, depth)]);
    }
    log.truncate(depth);
    this.#next = next;
    this.#repeated = depth;
    return next !== undefined;
  }

  decide(point: DecisionPoint): Decision {
    if (this.#isOpen) this.#close();
    const { log } = this;
    if (this.#cursor < this.#repeated) {
      this.#answered = 0;
      this.#script = log.answers[this.#cursor];
      return log.decision[this.#cursor++]! as Decision;
    }
    const depth = log.length;
    const planned = this.#next ?? this.#arrive(depth, point);
    this.#next = undefined;
    const taken = planned === undefined ? this.#natural(point) : this.#take(planned, point);
    this.#isAtEnd = taken === NO_DECISION;
    return taken;
  }

  choose(_kind: number, count: number): number {
    const given = this.#script?.[this.#answered];
    this.#answered += 1;
    if (!this.#isOpen) return given ?? 0;
    const event = this.log.length - 1;
    const before = this.log.answers[event] ?? [];
    if (given === undefined && event >= this.#reversal.floor)
      for (let answer = count - 1; answer > 0; answer--)
        this.#plan(event, this.log.decision[event]!, [...before, answer]);
    this.log.answers[event] = [...before, given ?? 0];
    return given ?? 0;
  }

  /** Ends the run: the last event is looked at, which no decision came after. */
  finish(): void {
    if (this.#isOpen) this.#close();
  }

  /** What is possible at the end of the run, as leaves of a plan; for splitting a search. */
  alternatives(point: DecisionPoint): EventRecord[] {
    const found: EventRecord[] = [];
    const { cpus, processes } = this.log;
    const asleep = this.#nodes.asleep[this.log.length] ?? [];
    const add = (process: number, decision: number): void => {
      if (!asleep.some((record) => isSameDecision(record, decision, undefined)))
        found.push({ process, decision, answers: undefined, footprint: undefined });
    };
    this.#choices.look(point);
    this.#cpuIds.forEach((cpu, dense) => {
      if (this.#view.canStep(point, cpu, dense))
        add(dense, encodeDecision(DecisionKind.Step, cpu, 1));
    });
    this.#cpuIds.forEach((cpu, dense) => {
      if (point.pendingStores(cpu) > 0)
        add(cpus + dense, encodeDecision(DecisionKind.Drain, cpu, 0));
    });
    for (let process = 0; process < processes; process++)
      this.#choices.of(process, (decision, isInjected) => {
        if (!isInjected || this.events < this.#bound) add(process, decision);
        else this.boundReached = true;
      });
    return found;
  }

  /** Prepares a point that was never reached before; returns what was planned there, if anything. */
  #arrive(depth: number, point: DecisionPoint): Branch | undefined {
    const nodes = this.#nodes;
    nodes.arrive(depth, this.#behind);
    this.#behind = [];
    const cpuIds = this.#cpuIds;
    let busy = 0;
    for (let dense = 0; dense < cpuIds.length; dense++)
      if (point.currentOn(cpuIds[dense]!) >= 0) busy |= 1 << (dense % 31);
    nodes.busy[depth] = busy;
    const hasDevices = point.timers.earliest() >= 0 || point.pageIns.earliest() >= 0;
    if (depth < this.#reversal.floor || !(this.#watchesKernel() || hasDevices))
      return nodes.branches[depth]!.shift();
    this.#choices.look(point);
    if (this.#exitsFirst(depth)) return nodes.branches[depth]!.shift();
    const planned = nodes.branches[depth]!.shift();
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const step = encodeDecision(DecisionKind.Step, cpuIds[dense]!, 1);
      if (this.#isAsleep(step) || !this.#view.canStep(point, cpuIds[dense]!, dense))
        this.#openProcess(depth, dense, planned?.record.decision);
    }
    this.#openProcess(depth, this.log.processes - 1, planned?.record.decision);
    return planned;
  }

  /** Whether kernel events are to be tried, or at least noticed. */
  #watchesKernel(): boolean {
    return this.#mayInject && (this.#bound > 0 || !this.boundReached);
  }

  /**
   * Where a thread exits unseen, that comes before all else, since it commutes with everything; what
   * is planned is put off.
   */
  #exitsFirst(depth: number): boolean {
    const step = this.#choices.onlyStep as Decision;
    const planned = this.#nodes.branches[depth]!;
    if (step < 0 || planned.length === 0 || planned[0]!.record.decision === step) return false;
    const process = this.#choices.processOf(step);
    const record = { process, decision: step, answers: undefined, footprint: undefined };
    this.#nodes.branches[depth] = [{ record, next: without(planned, process) }];
    return true;
  }

  #take({ record, next }: Branch, point: DecisionPoint): Decision {
    this.#behind = [];
    const { process } = record;
    const decision = record.decision as Decision;
    if (!this.#isPossible(process, decision, point)) {
      this.isRedundant = true;
      return NO_DECISION;
    }
    this.#behind = next;
    return this.#open(process, decision, record.answers, point);
  }

  #isPossible(process: number, decision: Decision, point: DecisionPoint): boolean {
    const { cpus } = this.log;
    const kind = decision >>> 28;
    if (kind === DecisionKind.Step)
      return this.#view.canStep(point, this.#cpuIds[process]!, process);
    if (kind === DecisionKind.Drain) return point.pendingStores(this.#cpuIds[process - cpus]!) > 0;
    this.#choices.look(point);
    return this.#choices.has(decision);
  }

  /** What a run without a plan does: the first CPU that can go on does; stores drain at last. */
  #natural(point: DecisionPoint): Decision {
    const { cpus } = this.log;
    const cpuIds = this.#cpuIds;
    let sleeps = false;
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      if (!this.#view.canStep(point, cpu, dense)) continue;
      const step = encodeDecision(DecisionKind.Step, cpu, 1);
      if (!this.#isAsleep(step)) return this.#open(dense, step, undefined, point);
      sleeps = true;
    }
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      if (point.pendingStores(cpu) === 0) continue;
      const drain = encodeDecision(DecisionKind.Drain, cpu, 0);
      if (!this.#isAsleep(drain)) return this.#open(cpus + dense, drain, undefined, point);
      sleeps = true;
    }
    const rest = this.#nodes.branches[this.log.length]!;
    const device = rest.findIndex(({ record }) => !isKernelEvent(record.decision as Decision));
    if (device >= 0) return this.#take(rest.splice(device, 1)[0]!, point);
    if (sleeps) {
      const event = rest.shift();
      if (event !== undefined) return this.#take(event, point);
      this.isRedundant = true;
    } else this.#reconsiderWaits(point);
    return NO_DECISION;
  }

  #isAsleep(decision: number): boolean {
    const asleep = this.#nodes.asleep[this.log.length]!;
    for (let i = 0; i < asleep.length; i++) if (asleep[i]!.decision === decision) return true;
    return false;
  }

  #open(
    process: number,
    decision: Decision,
    answers: readonly number[] | undefined,
    point: DecisionPoint,
  ): Decision {
    const { log } = this;
    const depth = log.length;
    if (depth >= this.#reversal.floor && this.#watchesKernel()) {
      this.#choices.look(point);
      this.#openProcess(depth, process, decision);
    }
    const isStep = decision >>> 28 === DecisionKind.Step;
    const flags = isStep
      ? this.#view.flagsOfStep(point, this.#cpuIds[process]!)
      : this.#choices.flagsOf(decision);
    this.#unwanted = this.#view.unwanted;
    const event = log.begin(process, decision, isKernelEvent(decision));
    log.flags[event] = flags;
    this.#script = answers;
    this.#answered = 0;
    this.#isOpen = true;
    this.collector.isOn = true;
    this.#choices.isOn = true;
    return decision;
  }

  /** Orders the last event, and finds out what stays asleep behind it. */
  #close(): void {
    const { log } = this;
    this.#isOpen = false;
    this.collector.isOn = false;
    this.#choices.isOn = false;
    const event = log.length - 1;
    this.#analysis.analyse();
    const flags = log.flags[event]!;
    if ((flags & EventFlag.Await) !== 0) this.#analyseAwait(event);
    log.settleFootprint();
    const nodes = this.#nodes;
    if (log.length === this.#reversal.floor) {
      nodes.sleep(log.length, this.#start.asleep);
      return;
    }
    const asleep = nodes.asleep[event]!;
    nodes.sleep(
      log.length,
      asleep.length === 0 ? asleep : asleep.filter((record) => !conflictsWithLast(record, log)),
    );
  }

  #analyseAwait(event: number): void {
    const { log } = this;
    const at = log.firstAccess[event]!;
    if (at === log.accesses || (log.mode[at]! & AccessMode.Forwarded) !== 0) return;
    this.#analysis.analyseAwait(at, this.#unwanted, this.collector.initial[log.location[at]!]);
  }

  /** Threads are left that wait for good: could any have gone on before the word changed? */
  #reconsiderWaits(point: DecisionPoint): void {
    const { log } = this;
    for (let dense = 0; dense < this.#cpuIds.length; dense++) {
      const cpu = this.#cpuIds[dense]!;
      const location = this.#view.awaitedBy(point, cpu);
      if (location < 0) continue;
      this.#unwanted = this.#view.unwanted;
      const event = log.begin(dense, encodeDecision(DecisionKind.Step, cpu, 1), false);
      log.flags[event] = EventFlag.Await;
      log.access(location, WORD, AccessMode.Read, 0);
      this.#analysis.analyse();
      this.#analyseAwait(event);
      log.truncate(event);
    }
  }

  /** Plans the kernel events that a process could take at a point, once. */
  #openProcess(depth: number, process: number, taken: number | undefined): void {
    const opened = this.#nodes.opened[depth]!;
    if (opened.includes(process)) return;
    opened.push(process);
    const before = this.log.eventsBefore(depth);
    this.#choices.of(process, (decision, isInjected) => {
      if (isInjected && before >= this.#bound) this.boundReached = true;
      else if (decision !== taken) this.#plan(depth, decision, undefined, process);
    });
  }

  /** Plans one event at a point, unless it is planned already or need not be tried. */
  #plan(
    depth: number,
    decision: number,
    answers: readonly number[] | undefined,
    process: number = this.log.process[depth]!,
  ): void {
    const branches = this.#nodes.branches[depth]!;
    const isKnown = (record: EventRecord): boolean => isSameDecision(record, decision, answers);
    if (this.#nodes.asleep[depth]!.some(isKnown)) return;
    if (branches.some(({ record }) => isKnown(record))) return;
    branches.unshift({ record: { process, decision, answers, footprint: undefined }, next: [] });
  }
}

/** A plan without the first event of a process on each way through it. */
function without(branches: readonly Branch[], process: number): Branch[] {
  return branches.flatMap(({ record, next }) =>
    record.process === process ? next : [{ record, next: without(next, process) }],
  );
}
