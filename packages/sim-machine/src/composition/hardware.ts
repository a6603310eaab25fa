import type { StateArena } from '../base/state-arena.js';
import { CacheLines } from '../cpu/cache-lines.js';
import { CostKind } from '../cpu/cost-kind.js';
import { CostMeter } from '../cpu/cost-meter.js';
import { CostModel } from '../cpu/cost-model.js';
import { CpuTable } from '../cpu/cpu-table.js';
import { RegisterDependencies } from '../cpu/register-dependencies.js';
import { InstalledPrograms } from '../cpu/installed-programs.js';
import { RegisterFile } from '../cpu/register-file.js';
import { Topology } from '../cpu/topology.js';
import { ChoiceKind } from '../director/director.js';
import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { Chains } from '../cpu/chains.js';
import { ACCESS_PROGRAM, installAccessRoutines } from '../kernel/access-routines.js';
import type { AccessRoutines } from '../kernel/access-routines.js';
import { UNIT_COST } from '../kernel/kernel-cost.js';
import type { KernelCost } from '../kernel/kernel-cost.js';
import { PageFaults } from '../kernel/page-faults.js';
import { ThreadTable } from '../kernel/thread-table.js';
import type { CheckedConfig } from '../machine-config.js';
import { MemorySystem } from '../memory/memory-system.js';
import { ShadowState } from '../memory/shadow/shadow-state.js';
import { BusListeners } from '../observe/bus-listeners.js';
import type { MachineEvents } from '../observe/machine-events.js';

/** What the hardware asks of those above it. */
export interface HardwareContext {
  readonly arena: StateArena;
  readonly events: MachineEvents;
  /** Slot of a thread's address space; of the first process for -1, who is nobody. */
  spaceOf(thread: number): number;
  /** The machine's decision count. */
  step(): number;
  /** Asks the director a question. */
  choose(kind: ChoiceKind, count: number): number;
  /** Charges what the step that is under way has executed so far, up to its last operation. */
  advanceClock(): void;
}

let machinesMade = 0;

/** CPUs, memory, what an instruction runs on, and what everything costs. */
export class Hardware {
  readonly topology: Topology;
  readonly cpus: CpuTable;
  readonly threads: ThreadTable;
  readonly faults: PageFaults;
  readonly memory: MemorySystem;
  readonly environment: ExecutionEnvironment;
  readonly programs: InstalledPrograms;
  readonly access: AccessRoutines;
  readonly chains: Chains;
  readonly cost: KernelCost;
  /** Cycles of an instruction, without its memory access. */
  readonly cyclesPerInstruction: number;
  readonly listeners: BusListeners;
  /** What the values of registers depend on, where the memory model asks for it. */
  readonly dependencies: RegisterDependencies | undefined;
  /** Shadow state, where the configuration asks for it. */
  readonly shadow: ShadowState | undefined;
  /** Names the machine among those of the host process. */
  readonly tag: string = `machine ${machinesMade++}`;
  /** The cost model, where the configuration has one. */
  readonly meter: CostMeter | undefined;

  constructor(config: CheckedConfig, context: HardwareContext) {
    const { arena, events } = context;
    const topology = (this.topology = new Topology(config.topology));
    const cpus = (this.cpus = new CpuTable(arena, topology.cpus, (cpu) => topology.nodeOf(cpu)));
    const threads = (this.threads = new ThreadTable(arena, config.maxThreads, cpus.capacity));
    const model = config.cost === false ? undefined : new CostModel(config.cost);
    const advanceClock = (): void => {
      context.advanceClock();
    };
    this.meter =
      model && new CostMeter(model, new CacheLines(cpus.node), cpus.cycles, advanceClock);
    this.cost = this.meter ?? UNIT_COST;
    this.cyclesPerInstruction = model?.cyclesOf(CostKind.Instruction) ?? 1;
    this.faults = new PageFaults(arena, threads, cpus, events, this.cost);
    const memory = (this.memory = new MemorySystem({
      arena,
      cpus: cpus.capacity,
      faults: this.faults,
      clock: {
        now: (cpu) => {
          context.advanceClock();
          return cpus.cycles[cpu]! | 0;
        },
      },
      model: config.memory,
      sizeBytes: config.memoryBytes,
      storeBufferEntries: config.storeBufferEntries,
      chooseWrite: (count) => context.choose(ChoiceKind.Write, count),
      isOccupied: (cpu) => cpus.current[cpu]! >= 0,
      translatedSpaces: config.maxProcesses,
      trackFingerprint: config.fingerprint,
    }));
    this.faults.connect(memory.bus);
    this.environment = {
      registers: threads.registers,
      memory: memory.physical,
      translations: memory.translations.entries,
      port: memory.bus,
      textBase: memory.text.base,
      textPhysical: memory.text.physical,
      textBytes: memory.text.capacityBytes,
      interpretOnly: memory.model.views !== undefined,
    };
    this.dependencies =
      memory.model.views &&
      new RegisterDependencies(arena, config.maxThreads, this.environment, memory.model.views);
    this.programs = new InstalledPrograms(memory.text, this.environment, this.tag);
    if (config.fingerprint) this.programs.trackLiveness();
    this.access = installAccessRoutines(this.programs);
    if (this.environment.interpretOnly !== true)
      this.programs.steps.setSyscall(this.access.syscall.address);
    this.chains = new Chains(this.programs, this.access.load32);
    this.shadow = config.shadow
      ? new ShadowState(
          {
            ip: (thread) =>
              thread < 0 ? 0 : threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!,
            cpu: (thread) => (thread < 0 ? -1 : threads.cpu[thread]!),
            space: (thread) => context.spaceOf(thread),
            step: () => context.step(),
          },
          memory.model.buffersStores,
        )
      : undefined;
    this.listeners = new BusListeners({ memory, events, cost: this.meter, shadow: this.shadow });
  }

  /** As after construction; the arena is reset by its owner before. */
  reset(): void {
    this.memory.reset();
    this.cpus.reset();
    this.meter?.reset();
    this.shadow?.reset();
    this.programs.reset();
    this.programs.install(ACCESS_PROGRAM);
    const { onlineCpus } = this.topology;
    for (let i = 0; i < onlineCpus.length; i++) this.cpus.online[onlineCpus[i]!] = 1;
    this.faults.take();
  }
}
