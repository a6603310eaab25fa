import {
  DecisionKind,
  SwitchReason,
  decisionKind,
  decisionX,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  Machine,
  MachineEventMap,
} from '@rseqlab/sim-machine';
import { signalName } from '../signal-name.js';
import { AccessRecorder } from './access-recorder.js';
import { decisionCpu, decisionName, decisionText, decisionThread } from './decision-text.js';
import { instructionAt } from './instruction-place.js';
import { RecordingDirector } from './recording-director.js';
import type { TraceAccess } from './run-trace.js';
import { StepRecorder } from './step-recorder.js';
import { ThreadTracker } from './thread-tracker.js';
import { TraceRows } from './trace-rows.js';

type EventOf<Name extends keyof MachineEventMap> = MachineEventMap[Name][0];

/** How a machine is recorded. */
interface RecorderOptions {
  readonly granularity: Granularity;
  readonly onDecision: () => void;
  readonly nameFile?: ((file: string) => string) | undefined;
}

/** Takes down everything that happens on a machine in one run. */
export class TraceRecorder {
  /** Where threads are. */
  readonly places: ThreadTracker;
  readonly rows: TraceRows = new TraceRows();
  /** Told of every operation that a thread starts. */
  onOperation: ((thread: number, address: number) => void) | undefined;
  /** Told of every access that a thread made. */
  onAccess: ((thread: number, access: TraceAccess) => void) | undefined;
  /** Kernel events that were injected. */
  kernelEvents = 0;
  readonly #machine: Machine;
  readonly #onDecision: () => void;
  readonly #steps: StepRecorder;
  #decisions = 0;

  /**
   * @param machine - nobody else may listen to its accesses while it is recorded
   * @param options.granularity - where steps end
   * @param options.onDecision - called before every decision is carried out
   * @param options.nameFile - how source files are written; default as the host names them
   */
  constructor(machine: Machine, { granularity, onDecision, nameFile }: RecorderOptions) {
    this.#machine = machine;
    this.#onDecision = onDecision;
    this.places = new ThreadTracker(machine, nameFile);
    const isLong = granularity === 'instruction';
    this.#steps = new StepRecorder(machine, this.rows, this.places, isLong);
    this.#listen();
  }

  /** A director that decides as another, and is recorded. */
  recording(director: Director): Director {
    return new RecordingDirector(director, {
      decided: (decision, point) => this.#decide(decision, point),
      chose: () => (this.#decisions += 1),
    });
  }

  /** The rows are about to be read: none is of an instruction that was not executed. */
  settle(): void {
    this.#steps.finish();
  }

  #listen(): void {
    const { events } = this.#machine;
    events.on('spawn', ({ thread }) => this.places.born(thread));
    events.on('switch', (event) => this.#switched(event));
    events.on('migration', (event) => this.#migrated(event));
    events.on('abort', (event) => this.#aborted(event));
    events.on('signal', (event) => this.#signalled(event));
    events.on('fault', (event) => this.#faulted(event));
    events.on('syscall', (event) => this.#steps.entered(event));
    events.on('syscallExit', (event) => this.#steps.left(event));
    events.on('wakeup', ({ thread, cpu, created }) => {
      if (!created) this.rows.follow({ kind: 'wakeup', cpu, thread, text: `T${thread} wakes up` });
    });
    events.on('slice', ({ thread, cpu }) => {
      const text = `T${thread} keeps the CPU for now: its slice is extended`;
      this.rows.follow({ kind: 'switch', cpu, thread, text });
    });
    this.#machine.attach({
      shadow: new AccessRecorder(this.#machine, (access) => {
        this.rows.access(access);
        this.onAccess?.(this.rows.decided?.thread ?? -1, access);
      }),
    });
    this.#machine.watchOperations((thread, routine) => {
      this.places.entered(thread);
      this.onOperation?.(thread, routine.address);
      this.#steps.began(thread, routine);
    });
  }

  #decide(decision: Decision, point: DecisionPoint): void {
    this.#onDecision();
    const name = decisionName(decision);
    const index = this.#decisions++;
    const told = { index, ...(name && { decision: name }) };
    if (decisionKind(decision) === DecisionKind.Step) {
      const cpu = decisionX(decision);
      this.#steps.step(cpu, point.currentOn(cpu), told);
      return;
    }
    this.#steps.finish();
    const thread = decisionThread(decision);
    const from = thread < 0 ? -1 : this.#machine.threads.cpu[thread]!;
    const decided = decisionCpu(decision);
    const cpu = decided < 0 ? from : decided;
    const isEvent = isKernelEvent(decision);
    if (isEvent) this.kernelEvents += 1;
    const text = decisionText(decision, cpu < 0 ? -1 : point.currentOn(cpu), from);
    this.rows.decide({ kind: isEvent ? 'event' : 'arrival', ...told, cpu, thread, text });
  }

  #switched({ cpu, previous, next, reason }: EventOf<'switch'>): void {
    const row = this.rows.decided;
    if (next >= 0) {
      if (row?.decision === 'Preempt' && row.cpu === cpu && row.thread === next) return;
      this.rows.follow({ kind: 'switch', cpu, thread: next, text: `T${next} gets the CPU` });
      return;
    }
    if (reason === SwitchReason.Blocked || reason === SwitchReason.Stopped) {
      const does = reason === SwitchReason.Blocked ? 'sleeps' : 'stops';
      this.rows.follow({ kind: 'switch', cpu, thread: previous, text: `T${previous} ${does}` });
    }
  }

  #migrated({ thread, from, to }: EventOf<'migration'>): void {
    if (this.rows.decided?.decision === 'Migrate' && this.rows.decided.thread === thread) return;
    const text = `T${thread} moves here from CPU ${from}`;
    this.rows.follow({ kind: 'migration', cpu: to, thread, text });
  }

  #aborted({ thread, cpu, from, to }: EventOf<'abort'>): void {
    const at = instructionAt(this.#machine, from);
    const handler = instructionAt(this.#machine, to);
    this.rows.follow({
      kind: 'abort',
      cpu,
      thread,
      text: `abort: T${thread} was at ${at?.text ?? '?'}, goes on at ${handler?.text ?? '?'}`,
      ...(handler && { place: handler.place }),
    });
  }

  #signalled({ thread, signal, action }: EventOf<'signal'>): void {
    if (action === 'sent') return;
    const what = { handled: 'is handled by', ignored: 'is ignored by', default: 'kills' }[action];
    const text = `${signalName(signal)} ${what} T${thread}`;
    this.rows.follow({ kind: 'signal', cpu: this.#machine.threads.cpu[thread]!, thread, text });
  }

  #faulted({ thread, cpu, address, kind }: EventOf<'fault'>): void {
    if (kind === 'minor' || kind === 'cow') return;
    const what = kind === 'major' ? 'page fault, not in memory' : 'bad address';
    const text = `${what}: 0x${(address >>> 0).toString(16)}`;
    this.rows.follow({ kind: 'fault', cpu, thread, text });
  }
}
