import { NO_DECISION, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';
import { AccessCollector } from './access-collector.js';
import { BootAnswers } from './boot-answers.js';
import { Clocks } from './clocks.js';
import { EventFlag, EventLog } from './event-log.js';
import { EventRecorder } from './event-recorder.js';
import { RecordCache, type EventRecord } from './event-record.js';
import { KernelChoices } from './kernel-choices.js';
import { KernelPlanner } from './kernel-planner.js';
import { LocationIds } from './location-ids.js';
import { MachineView } from './machine-view.js';
import { NodeStates } from './node-states.js';
import { NaturalOrder } from './natural-order.js';
import type { Standing } from './points-left.js';
import { OpenAnswers } from './open-answers.js';
import { RaceAnalysis } from './race-analysis.js';
import { RaceReversal } from './race-reversal.js';
import { ReplayScript } from './replay-script.js';
import type { InterruptibleDirector } from '../spin/spin-aware-director.js';
import type { SpinLoops } from '../spin/spin-loops.js';
import type { SearchBounds, StartingPoint } from './starting-point.js';
import { WaitAnalysis } from './wait-analysis.js';
import { NO_PLAN, WakeupSequences, planOf, type Branch } from './wakeup-tree.js';

/**
 * Takes one execution of every class, run after run, until {@link advance} says that there is none
 * left.
 *
 * Depth first. Every event is ordered behind those it conflicts with; where two conflicting events
 * could have come the other way round, an execution is planned in which they do
 * ({@link RaceReversal}). Invariant: what comes after a prefix of events depends on these alone, so
 * that replaying their decisions leads to where they led before.
 */
export class StatelessDirector implements InterruptibleDirector {
  readonly name = 'stateless';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Whether the run was given up, since all that it could come to is found elsewhere. */
  isRedundant = false;
  readonly log: EventLog;
  readonly locations: LocationIds = new LocationIds();
  readonly collector: AccessCollector;
  /** After a probe: what could come next. */
  alternatives: readonly EventRecord[] = [];
  /** Knows whether the bound on kernel events kept anything from being tried. */
  readonly planner: KernelPlanner;
  /** What was answered before the first event. */
  readonly boot: BootAnswers = new BootAnswers();
  /** Answers what comes up in the middle of events. */
  readonly openAnswers: OpenAnswers;
  readonly #nodes = new NodeStates();
  readonly #analysis: RaceAnalysis;
  readonly #records: RecordCache;
  readonly #wakeups: WakeupSequences;
  readonly #reversal: RaceReversal;
  readonly #view: MachineView;
  readonly #choices: KernelChoices;
  readonly #order: NaturalOrder;
  readonly #waits: WaitAnalysis;
  readonly #recorder: EventRecorder;
  readonly #cpuIds: readonly number[];
  #isProbe = false;
  #floorAsleep: readonly EventRecord[] = [];
  readonly #script: ReplayScript;
  /** What to take at the point where the run stops repeating. */
  #next: Branch | undefined;
  /** What is to be explored behind the event that was taken last. */
  #behind: readonly Branch[] = NO_PLAN;
  #isBooting = false;
  /** Whether the run ended at a point that was prepared: more may be planned there. */
  #isAtEnd = false;

  /**
   * @param machine - the machine whose runs it decides
   * @param capacity - stores that a CPU can buffer
   * @param spins - knows which threads spin
   */
  constructor(machine: Machine, capacity: number, spins: SpinLoops) {
    const cpuIds = (this.#cpuIds = machine.cpus.possible);
    const denseCpu: number[] = [];
    cpuIds.forEach((cpu, index) => (denseCpu[cpu] = index));
    const log = (this.log = new EventLog(cpuIds.length));
    this.#script = new ReplayScript(log, () => !spins.knowledge.hasYields && !spins.isTrying);
    const nodes = this.#nodes;
    const clocks = new Clocks(log.processes);
    this.#records = new RecordCache(log);
    const wakeups = (this.#wakeups = new WakeupSequences(log, clocks, this.#records));
    this.#reversal = new RaceReversal(log, clocks, nodes, wakeups);
    const analysis = (this.#analysis = new RaceAnalysis(log, clocks, nodes, this.#reversal));
    const collector = new AccessCollector(machine, log, this.locations, denseCpu);
    this.collector = collector;
    const seen = { machine, log, locations: this.locations, collector, capacity, spins };
    const view = (this.#view = new MachineView(seen));
    const choices = (this.#choices = new KernelChoices(machine, log, denseCpu));
    this.#order = new NaturalOrder(view, nodes, cpuIds);
    this.planner = new KernelPlanner({ log, nodes, choices, view, cpuIds });
    this.openAnswers = new OpenAnswers(log, nodes, this.planner);
    this.#recorder = new EventRecorder({ log, nodes, view, choices, collector, cpuIds });
    this.#waits = new WaitAnalysis({ log, view, collector, analysis, cpuIds });
  }

  /** Kernel events of the run. */
  get events(): number {
    return this.log.eventsBefore(this.log.length);
  }

  /** Whether waits came up, so that the search has to begin again to know what words held at first. */
  get needsRestart(): boolean {
    return this.#view.needsRestart;
  }

  /** Whether anything took part in the run but threads' own steps and the draining of stores. */
  get isMixed(): boolean {
    const { log, boot } = this;
    const isMoved = this.events > 0 || log.lastUniversal >= 0;
    return this.#recorder.isMixed || isMoved || boot.given.length > 0;
  }

  /** Starts a search. */
  begin(start: StartingPoint, bounds: SearchBounds): void {
    this.planner.begin(bounds.kernelEvents, bounds.mayInject);
    this.#isProbe = bounds.isProbe;
    this.#floorAsleep = start.asleep;
    this.#view.begin();
    this.boot.begin(start.boot ?? [], start.boot !== undefined && !bounds.isProbe);
    this.#reversal.floor = start.prefix.length;
    this.#wakeups.isComplete = start.asleep.length === 0;
    this.#nodes.asleep.length = 0;
    this.#nodes.sleep(0, start.prefix.length === 0 ? start.asleep : []);
    this.log.clear();
    this.#script.prepare(0);
    this.#recorder.begin();
    this.#next = undefined;
    this.alternatives = [];
    this.openAnswers.others.length = 0;
    this.#behind = planOf(start.prefix);
  }

  start(): void {
    this.boot.start();
    this.#isBooting = true;
    this.#script.start();
    this.#recorder.start();
    this.collector.isBooting = this.boot.isNew;
    this.#isAtEnd = this.isRedundant = false;
  }

  /** The last event is over; where the run ends here, to look at a thread, nothing comes behind it. */
  interrupt(point: DecisionPoint): void {
    this.#isBooting = false;
    this.boot.isNew = false;
    this.collector.isBooting = false;
    if (this.#recorder.isOpen) this.#close(point);
  }

  /** Whether the run repeats what was decided before. */
  get isRepeating(): boolean {
    return !this.#script.isOver;
  }

  /** Makes the next run the one that was interrupted, up to where it was. */
  again(): void {
    this.#script.prepare(this.log.length);
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
      if (next !== undefined)
        this.#nodes.sleep(depth, [...asleep[depth]!, this.#records.of(depth)]);
    }
    log.truncate(depth);
    this.#next = next;
    this.#script.prepare(depth);
    if (next !== undefined) return true;
    if (floor > 0 || !this.boot.advance()) return false;
    log.clear();
    this.#nodes.sleep(0, []);
    this.#behind = NO_PLAN;
    return true;
  }

  /** What tells where the next execution parts from the last one; for `pointsLeft`. */
  get standing(): Standing {
    return [this.log, this.#records, this.#nodes, this.#reversal.floor];
  }

  decide(point: DecisionPoint): Decision {
    this.interrupt(point);
    const { log } = this;
    if (!this.#script.isOver) return this.#script.next();
    if (this.isRedundant) return NO_DECISION;
    const planned = this.#next ?? this.#arrive(point);
    this.#next = undefined;
    const isProbed = this.#isProbe && log.length === this.#reversal.floor;
    if (isProbed) this.alternatives = this.planner.alternatives(log.length, point);
    const taken = isProbed ? NO_DECISION : this.#go(planned, point);
    this.#isAtEnd = taken === NO_DECISION;
    return taken;
  }

  choose(_kind: number, count: number): number {
    if (this.#isBooting) return this.boot.answer(count);
    const recorder = this.#recorder;
    if (!recorder.isOpen) return this.#script.answer();
    const isOwn = this.log.length > this.#reversal.floor;
    const given = recorder.nextAnswer(count) ?? this.openAnswers.choose(count, isOwn);
    if (given === undefined) this.isRedundant = true;
    recorder.note(given ?? 0, count);
    return given ?? 0;
  }

  /** Ends the run: the last event is looked at, which no decision came after. */
  finish(): void {
    if (this.#recorder.isOpen) this.#close(undefined);
  }

  /** Prepares a point that was never reached before; returns what was planned there, if anything. */
  #arrive(point: DecisionPoint): Branch | 'covered' | undefined {
    const depth = this.log.length;
    const nodes = this.#nodes;
    nodes.arrive(depth, this.#behind);
    this.#behind = NO_PLAN;
    const cpuIds = this.#cpuIds;
    for (let dense = 0; dense < cpuIds.length; dense++)
      nodes.note(depth, dense, point.currentOn(cpuIds[dense]!));
    if (depth < this.#reversal.floor || this.#isProbe) return nodes.branches[depth]!.shift();
    return this.planner.arrive(depth, point);
  }

  #go(planned: Branch | 'covered' | undefined, point: DecisionPoint): Decision {
    if (planned === undefined) return this.#natural(point);
    if (planned !== 'covered') return this.#take(planned, point);
    this.isRedundant = true;
    return NO_DECISION;
  }

  #take({ record, next }: Branch, point: DecisionPoint): Decision {
    const { process } = record;
    const decision = record.decision as Decision;
    this.#behind = NO_PLAN;
    if (!this.planner.isPossible(process, decision, point)) {
      this.isRedundant = true;
      return NO_DECISION;
    }
    this.#behind = next;
    return this.#open(process, decision, record.answers, point);
  }

  #natural(point: DecisionPoint): Decision {
    const depth = this.log.length;
    const order = this.#order;
    const picked = order.pick(depth, point);
    if (picked !== NO_DECISION)
      return this.#open(this.#choices.processOf(picked), picked, undefined, point);
    const rest = this.#nodes.branches[depth]!;
    const own = rest.findIndex(({ record }) => !isKernelEvent(record.decision as Decision));
    if (own >= 0) return this.#take(rest.splice(own, 1)[0]!, point);
    const event = order.sleeps ? rest.shift() : undefined;
    if (event !== undefined) return this.#take(event, point);
    if (order.sleeps) this.isRedundant = true;
    else this.#waits.unmet(point);
    return NO_DECISION;
  }

  #open(
    process: number,
    decision: Decision,
    answers: readonly number[] | undefined,
    point: DecisionPoint,
  ): Decision {
    const hasOthers =
      this.log.length < this.#reversal.floor ||
      this.planner.open(this.log.length, process, decision, point);
    this.#recorder.open(process, decision, answers, point, hasOthers);
    return decision;
  }

  /** Orders the last event, and finds out what stays asleep behind it. */
  #close(point: DecisionPoint | undefined): void {
    const { log } = this;
    const nodes = this.#nodes;
    const event = log.length - 1;
    this.#recorder.close(point);
    this.#analysis.analyse();
    if ((log.flags[event]! & EventFlag.Await) !== 0) this.#waits.ended(this.#recorder.unwanted);
    log.settleFootprint();
    if (event >= this.#reversal.floor) this.planner.planDisabled(event, point);
    if (log.length === this.#reversal.floor) nodes.sleep(log.length, this.#floorAsleep);
    else nodes.sleepOn(log.length, log);
  }
}
