import { MachineError } from './base/machine-error.js';
import { NO_DECISION, isKernelEvent, type Decision } from './director/decision.js';
import type { Director } from './director/director.js';
import type { LookAhead } from './director/look-ahead.js';
import { checkConfig, describeConfig, type MachineConfig } from './machine-config.js';
import type { StateView } from './composition/state-view.js';
import { MachineParts } from './machine-parts.js';
import { createRunLoop, type RunLoop } from './run-loop.js';
import type { Chains } from './cpu/chains.js';
import type { InstalledProgram } from './cpu/installed-programs.js';
import type { Routine } from './cpu/routine.js';
import type { CpuTable } from './cpu/cpu-table.js';
import type { Program } from './isa/program.js';
import type { Process } from './kernel/process.js';
import type { SharedMemory } from './kernel/shared-memory.js';
import type { Thread } from './kernel/thread.js';
import type { ThreadTable } from './kernel/thread-table.js';
import type { ShadowState } from './memory/shadow/shadow-state.js';
import type { BusHooks } from './memory/bus-hooks.js';
import type { MachineEvents } from './observe/machine-events.js';
import { decisionLimit, type RunLimits, type RunResult } from './run-result.js';

/**
 * A simulated SMP machine with a preemptive kernel.
 *
 * Build it, make a process, start threads, run. The same configuration, program and director give
 * the same run. One machine can make any number of runs: {@link reset} takes it back to the start
 * and keeps its memory.
 *
 * @example
 * ```ts
 * const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 1 }));
 * const process = machine.createProcess('main');
 * const counter = process.allocate(4);
 * process.spawn(function* increment(t) {
 *   yield* t.fetchAdd(counter, 1);
 * });
 * machine.run();
 * process.read32(counter); // 1
 * ```
 */
export class Machine {
  readonly #parts: MachineParts;
  readonly #loop: RunLoop;
  readonly #possible: Decision[] = [];

  /** @throws MachineError `ERR_CONFIG` when the configuration cannot be built */
  constructor(config: MachineConfig, director: Director) {
    this.#parts = new MachineParts(checkConfig(config), director);
    this.#loop = createRunLoop(this.#parts);
  }

  /** Typed events; nobody listening costs nothing. */
  get events(): MachineEvents {
    return this.#parts.events;
  }

  /** All threads, by column. */
  get threads(): ThreadTable {
    return this.#parts.hardware.threads;
  }

  /** All CPUs, by column. */
  get cpus(): CpuTable {
    return this.#parts.hardware.cpus;
  }

  /**
   * Shadow state: data races and accesses to freed memory, where the configuration asks for it;
   * programs and libraries tell it of allocations and of their own synchronisation.
   */
  get shadow(): ShadowState | undefined {
    return this.#parts.hardware.shadow;
  }

  /** Whether stores can reach memory later than they are executed. */
  get buffersStores(): boolean {
    return this.#parts.hardware.memory.model.buffersStores;
  }

  /** How many newer writes to its word the last load did not see. */
  get missedWrites(): number {
    return this.#parts.hardware.memory.model.missedWrites;
  }

  /** Text that is the same for two machines exactly if the same decisions give the same run. */
  get description(): string {
    return describeConfig(this.#parts.config);
  }

  /** Names of the kernel's modules, in the order of the configuration. */
  get kernelModules(): readonly string[] {
    return this.#parts.config.kernel.map(({ name }) => name);
  }

  /** Everything that was decided in this run so far; replaying it gives the same run. */
  get decisions(): Uint32Array {
    return this.#parts.referee.decisions();
  }

  /** Threads that have not exited. */
  get liveThreads(): number {
    return this.#parts.system.lifecycle.live;
  }

  /** The thread that executes, or executed last: where an exception out of a program came from. */
  get activeThread(): number {
    return this.#parts.hardware.memory.bus.thread;
  }

  /** The object of a thread slot. */
  thread(id: number): Thread {
    const thread = this.#parts.system.objects[id];
    if (thread === undefined)
      throw new MachineError(
        'ERR_STATE',
        `expected a thread slot below ${this.#parts.hardware.threads.capacity}, got ${id}`,
      );
    return thread;
  }

  /**
   * The process in a slot, such as that of a thread: `process(threads.process[thread])`.
   *
   * @throws MachineError `ERR_STATE` for a slot that was never used
   */
  process(id: number): Process {
    return this.#parts.system.processes.at(id);
  }

  /**
   * Makes a process with an address space of its own and no threads.
   *
   * @throws MachineError `ERR_CAPACITY` when the process table is full
   */
  createProcess(name: string): Process {
    const process = this.#parts.system.processes.begin(-1, name);
    if (process === undefined)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected at most ${this.#parts.config.maxProcesses} processes (maxProcesses), got one more`,
      );
    process.mapRuntime(this.#parts.config.maxThreads);
    return process;
  }

  /**
   * Makes memory that several processes can map; see {@link Process.mapShared}.
   *
   * @throws MachineError `ERR_CAPACITY` when the size is out of range
   */
  createSharedMemory(sizeBytes: number): SharedMemory {
    return this.#parts.system.sharedMemory.create(sizeBytes);
  }

  /**
   * What is in shared memory, from outside: whoever maps it, and if nobody does.
   *
   * @throws MachineError `ERR_ADDRESS` for memory of another machine or run
   */
  readShared(memory: SharedMemory): Int32Array {
    const object = this.#parts.system.sharedMemory.at(memory.descriptor);
    if (object === undefined)
      throw new MachineError(
        'ERR_ADDRESS',
        `expected shared memory of this run, got descriptor ${memory.descriptor}`,
      );
    const words = new Int32Array(memory.sizeBytes >> 2);
    this.#parts.hardware.memory.host.readObject(object, words);
    return words;
  }

  /** Puts machine code into the text segment, which all processes share; once a run. */
  install(program: Program): InstalledProgram {
    return this.#parts.hardware.programs.install(program);
  }

  /** Chains of routines of installed programs. */
  get chains(): Chains {
    return this.#parts.hardware.chains;
  }

  /** The program that an address of the text segment belongs to, or undefined. */
  programAt(address: number): InstalledProgram | undefined {
    return this.#parts.hardware.programs.at(address);
  }

  /** The programs of the text segment in the order of their installation. */
  get programs(): readonly InstalledProgram[] {
    return this.#parts.hardware.programs.all;
  }

  /**
   * A column of the machine's state by its name, such as `rseq.area`: for debuggers, which look at
   * what the kernel and its modules keep and change nothing. Undefined without such a column.
   */
  column(name: string): Readonly<Int32Array> | undefined {
    return this.#parts.arena.find(name);
  }

  /**
   * Calls `listener` whenever a thread's program starts an operation, from inside the program, so
   * that a stack trace shows its line; undefined ends it. It slows operations down.
   */
  watchOperations(listener: ((thread: number, routine: Routine) => void) | undefined): void {
    this.#parts.watchOperations(listener);
  }

  /** Listens to accesses; see {@link BusHooks}. Replaces what listened before. */
  attach(hooks: BusHooks): void {
    this.#parts.hardware.listeners.attach(hooks);
  }

  /**
   * Back to the start, without processes, under a director of the same scheduling and granularity.
   *
   * @throws MachineError `ERR_STATE` when the director is of another kind
   */
  reset(director: Director): void {
    this.#parts.reset(director);
  }

  /**
   * Runs until every thread has exited, nothing can go on, or a limit is reached.
   *
   * @throws MachineError `ERR_DECISION` when the director decides what is not possible; `ERR_PROGRAM` when a
   *   thread's program breaks the rules of {@link Thread.exec}; `ERR_CONFIG` for a limit that is no number
   */
  run(limits: RunLimits = {}): RunResult {
    const maxDecisions = decisionLimit(limits);
    this.#parts.referee.director.start?.(this.#parts.decisions.point);
    const refused = this.#loop(maxDecisions);
    if (refused !== NO_DECISION) {
      const count = this.#parts.decisions.rules.enumerate(this.#possible);
      this.#parts.referee.refuse(refused, this.#possible.slice(0, count));
    }
    return this.#result(maxDecisions);
  }

  /**
   * 64-bit fingerprint of the state, in two lanes.
   *
   * @throws MachineError `ERR_STATE` when the configuration does not ask for it
   */
  fingerprint(into: { low: number; high: number }): void {
    this.#parts.fingerprint.compute(into);
  }

  /** The state in parts, for searches; needs `fingerprint: true`. */
  get state(): StateView {
    return this.#parts.state;
  }

  /** A hash of the place that a physical address holds, the same in every run that gets there. */
  locationKey(physical: number): number {
    return this.#parts.hardware.memory.physical.placeOf(physical);
  }

  /** The aligned 32-bit word in memory that holds a physical address. */
  wordAt(physical: number): number {
    return this.#parts.hardware.memory.physical.words[physical >> 2]!;
  }

  /** What threads are about to do: for directors that look ahead. */
  get ahead(): LookAhead {
    return this.#parts.decisions;
  }

  /** Whether no thread can go on by itself: nothing is possible but kernel events, which need not come. */
  #idle(): boolean {
    const { rules, point } = this.#parts.decisions;
    const count = rules.enumerate(this.#possible);
    for (let i = 0; i < count; i++) if (!isKernelEvent(this.#possible[i]!)) return false;
    return count === 0 || point.isDeadlocked();
  }

  #result(maxDecisions: number): RunResult {
    const { cpus } = this.#parts.hardware;
    let steps = 0;
    let cycles = 0;
    for (const cpu of cpus.possible) {
      steps += cpus.steps[cpu]!;
      cycles = Math.max(cycles, cpus.cycles[cpu]!);
    }
    return {
      outcome: this.#outcome(maxDecisions),
      steps,
      cycles,
      decisions: this.#parts.referee.count,
      liveThreads: this.liveThreads,
    };
  }

  #outcome(maxDecisions: number): RunResult['outcome'] {
    if (this.#parts.system.lifecycle.live === 0) return 'finished';
    if (this.#parts.referee.count >= maxDecisions) return 'limit';
    return this.#idle() ? 'stuck' : 'stopped';
  }
}
