/**
 * A deterministic simulated SMP machine with a preemptive kernel.
 *
 * Start at {@link Machine}: build one, make a {@link Process}, start threads, run. What a thread's
 * program does goes through its {@link Thread} and through the C library's functions, such as
 * {@link futexWait} or {@link fork}. What the machine does not determine is up to a
 * {@link Director}.
 *
 * @packageDocumentation
 */

// The machine
export { Machine } from './machine.js';
export type { MachineConfig } from './machine-config.js';
export type { RunLimits, RunResult } from './run-result.js';
export type { CpuSelection, TopologyConfig } from './cpu/topology.js';
export { Topology } from './cpu/topology.js';
export { CpuMask, MAX_CPUS } from './cpu/cpu-mask.js';
export { CpuTable } from './cpu/cpu-table.js';
export { DEFAULT_STORE_BUFFER_ENTRIES } from './memory/store-buffers.js';
export { MEMORY_MODEL_NAMES, type MemoryModelName } from './memory/create-memory-model.js';

// Names, errors, state
export type { Address, Branded, CpuId, NodeId, ProcessId, ThreadId } from './base/brand.js';
export { Errno, type ErrnoName } from './base/errno.js';
export { MachineError, type MachineErrorCode } from './base/machine-error.js';
export { StateArena } from './base/state-arena.js';
export type { ColumnKind, ColumnOwner, SeldomUse } from './base/state-arena.js';

// Processes and threads
export { Process } from './kernel/process.js';
export type { ThreadData } from './kernel/process/thread-data.js';
export type { SpawnOptions } from './kernel/spawn-options.js';
export type { SharedMemory } from './kernel/shared-memory.js';
export type { OwningProcess } from './kernel/owning-process.js';
export { Thread } from './kernel/thread.js';
export type { ThreadBody } from './kernel/thread.js';
export { endedOperation } from './kernel/ended-operation.js';
export type { Operation } from './kernel/operation.js';
export { ThreadTable } from './kernel/thread-table.js';
export { ThreadState } from './kernel/thread-state.js';
export type { ThreadStateName } from './kernel/thread-state.js';
export { WaitKind } from './kernel/wait-kind.js';
export type { WaitKindName } from './kernel/wait-kind.js';

// The C library: processes
export { exec, exit, fork, getpid, getppid, gettid, waitpid } from './kernel/libc/processes.js';
export type { WaitResult } from './kernel/libc/processes.js';
export { WaitOption } from './kernel/process/child-wait.js';
export type { WaitStatus } from './kernel/process/wait-status.js';

// The C library: threads
export { pthreadCreate, pthreadExit, pthreadJoin } from './kernel/libc/threads.js';
export type { Pthread, PthreadBody } from './kernel/libc/threads.js';

// The C library: synchronization
export { Barrier } from './kernel/libc/barrier.js';
export { Condition } from './kernel/libc/condition.js';
export { Latch, createLatch } from './kernel/libc/latch.js';
export { Mutex } from './kernel/libc/mutex.js';
export type { StaticData } from './kernel/libc/static-data.js';
export {
  ALL_WAITERS,
  FutexScope,
  futexRequeue,
  futexWait,
  futexWaitBitset,
  futexWaitFor,
  futexWake,
  futexWakeBitset,
  futexWakeOperation,
} from './kernel/libc/futex.js';
export type { RequeueOptions, WaitBitsetOptions } from './kernel/libc/futex.js';
export { FUTEX_COMMAND_MASK, FutexCommand } from './kernel/futex/futex-operation.js';
export { encodeWakeOperation } from './kernel/futex/wake-operation.js';
export { membarrier, membarrierRseqOn } from './kernel/libc/membarrier.js';
export { MembarrierCommand } from './kernel/membarrier/membarrier-command.js';

// The C library: scheduling
export {
  getAffinity,
  getNice,
  getScheduler,
  getcpu,
  schedYield,
  setAffinity,
  setNice,
  setScheduler,
} from './kernel/libc/scheduling.js';
export type { CpuAndNode } from './kernel/libc/scheduling.js';
export { MAX_NICE, MIN_NICE, SchedulingPolicy } from './kernel/sched/scheduling-policy.js';
export {
  MAX_REAL_TIME_PRIORITY,
  MIN_REAL_TIME_PRIORITY,
} from './kernel/sched/scheduling-policy.js';
export type { SchedulingPolicyNumber } from './kernel/sched/scheduling-policy.js';

// The C library: time
export {
  clockGettime,
  nanosleep,
  nanosleepRemaining,
  sleepUntil,
  timerCreate,
  timerDelete,
  timerGettime,
  timerSettime,
} from './kernel/libc/time.js';
export type { InterruptedSleep, TimerSetting } from './kernel/libc/time.js';
export { ClockId, EPOCH_SECONDS } from './kernel/time/clock-id.js';

// The C library: signals
export {
  kill,
  pause,
  raise,
  sigaction,
  sigaltstack,
  signalSet,
  sigpending,
  sigprocmask,
  sigqueue,
  sigsuspend,
  sigtimedwait,
  tgkill,
} from './kernel/libc/signals.js';
export type { SigactionOptions, SignalSet } from './kernel/libc/signals.js';
export { SignalNumber } from './kernel/signal/signal-number.js';
export type { SignalName } from './kernel/signal/signal-number.js';
export type { SignalHandler } from './kernel/signal/signal-handler.js';
export { SignalCode } from './kernel/signal/signal-info.js';
export type { SignalInfo } from './kernel/signal/signal-info.js';
export { SignalContext } from './kernel/signal/signal-frame.js';
export { MINIMUM_SIGNAL_STACK_BYTES } from './kernel/signal/signal-stack.js';
export { SignalMaskHow } from './kernel/syscalls/signal-syscalls.js';

// The C library: memory
export { brk, madvise, mmap, mprotect, munmap } from './kernel/libc/memory.js';
export type { MapRequest } from './kernel/libc/memory.js';
export { Advice, MapFlag, Protection } from './memory/mapping-flags.js';

// The C library: ptrace
export {
  attach as ptraceAttach,
  cont as ptraceContinue,
  detach as ptraceDetach,
  getRegisters as ptraceGetRegisters,
  interrupt as ptraceInterrupt,
  peekData as ptracePeekData,
  pokeData as ptracePokeData,
  ptrace,
  seize as ptraceSeize,
  setRegisters as ptraceSetRegisters,
  singleStep as ptraceSingleStep,
  traceMe as ptraceTraceMe,
} from './kernel/libc/ptrace.js';
export type { PeekResult, TracedRegisters } from './kernel/libc/ptrace.js';
export { PTRACE_EVENT_STOP } from './kernel/process/tracing.js';
export { PTRACE_O_EXITKILL, PtraceRequest } from './kernel/process/ptrace-request.js';

// Machine code: writing it
export { ProgramBuilder } from './isa/program-builder.js';
export type { SectionOptions } from './isa/program-builder.js';
export { assemble } from './isa/assembler.js';
export { describeAt, disassemble, textAt } from './isa/disassembler.js';
export { successorsOf } from './isa/successors.js';
export { Program, WordKind } from './isa/program.js';
export type { ProgramParts, Relocation, SourceNote } from './isa/program.js';
export type { DescriptorLabels, SectionDescriptor } from './isa/section-descriptor.js';
export { verifySection, verifySections } from './isa/section-verifier.js';
export type { SectionRule, Violation } from './isa/section-verifier.js';
export type { ContentRule, PlaceRule } from './isa/section-rules.js';
export { decodeInstruction } from './isa/instruction-word.js';
export type { Instruction } from './isa/instruction-word.js';
export type {
  AtomicOperation,
  InstructionDefinition,
  InstructionEffect,
} from './isa/instruction-set.js';
export { OPERAND_FORMATS } from './isa/operand-format.js';
export type { Operand, OperandFormat } from './isa/operand-format.js';
export { OPCODES, type Mnemonic } from './isa/opcodes.js';
export type { Operands } from './isa/operands.js';
export { OperationKind, createPendingOperation } from './isa/pending-operation.js';
export type { PendingOperation } from './isa/pending-operation.js';
export { Registers, type Register, type RegisterName } from './isa/register.js';

// Machine code: running it
export { InstalledProgram } from './cpu/installed-programs.js';
export { Routine } from './cpu/routine.js';
export { NOT_FOLLOWED } from './cpu/user-mode.js';
export type { Chains } from './cpu/chains.js';
export type { ChainCall, RoutineChain } from './cpu/routine-chain.js';
export { WatchedWord } from './cpu/watched-word.js';
export type { CallTerms, ChainCondition, ChainValue } from './isa/chain-generator.js';
export { RegisterFile } from './cpu/register-file.js';
export { REGISTER_STRIDE } from './isa/register-file.js';
export { ExitReason } from './isa/exit-reason.js';

// Decisions and directors
export type { Decision, DecisionKindName } from './director/decision.js';
export {
  DecisionKind,
  MAX_BUDGET,
  NO_DECISION,
  decisionKind,
  decisionX,
  decisionY,
  encodeDecision,
  formatDecision,
  isKernelEvent,
} from './director/decision.js';
export { ChoiceKind } from './director/director.js';
export type {
  ActivityView,
  DecisionPoint,
  Director,
  Granularity,
  PageInView,
  SchedulingMode,
  TimerView,
} from './director/director.js';
export type { LookAhead } from './director/look-ahead.js';
export type { EventAllowance } from './director/event-allowance.js';
export { SeededDraw } from './director/seeded-draw.js';
export { RandomDirector, type RandomOptions } from './director/random-director.js';
export { ScriptedDirector, type ScriptOptions } from './director/scripted-director.js';
export { TimedDirector, type TimedOptions } from './director/timed-director.js';
export type { Jitter } from './director/jitter.js';

// Replay
export { checkFingerprint, decodeToken, digest, encodeToken } from './director/replay-token.js';
export type { ReplayRecord } from './director/replay-token.js';

// Watching a machine
export {
  MachineEvents,
  type AccessEventKind,
  type FaultEventKind,
  type MachineEventMap,
  type MachineEventName,
  type WantedEvents,
  type SignalEvent,
  type SignalEventAction,
} from './observe/machine-events.js';
export type { BusHooks } from './memory/bus-hooks.js';
export type {
  AccessCost,
  AccessObserver,
  FenceObserver,
  ShadowObserver,
} from './memory/access-observer.js';
export type { FrameObserver } from './memory/frame-observer.js';
export type { StoreObserver } from './memory/memory-model.js';
export { AccessKind } from './memory/access-kind.js';
export { FenceKind, MemoryOrder } from './memory/memory-port.js';

// Shadow state: who wrote what, data races, use after free
export { CombinedShadow } from './memory/shadow/combined-shadow.js';
export { ShadowState } from './memory/shadow/shadow-state.js';
export type { ShadowFinding } from './memory/shadow/shadow-state.js';
export { AllocationShadow } from './memory/shadow/allocation-shadow.js';
export type {
  AllocationFinding,
  BadAccessFinding,
  BadFreeFinding,
  BlockReport,
} from './memory/shadow/allocation-shadow.js';
export { RaceDetector } from './memory/shadow/race-detector.js';
export type { RaceFinding } from './memory/shadow/race-detector.js';
export { AccessMarks } from './memory/shadow/access-marks.js';
export { LastWriters } from './memory/shadow/last-writers.js';
export type { AccessPlace, AccessPlaceKind, ThreadPlace } from './memory/shadow/access-place.js';

// What things cost
export { COST_MACHINES, CUBIETRUCK, EPYC, XEON_E5_2630V3 } from './cpu/cost-machines.js';
export { costParametersOf } from './cpu/cost-machines.js';
export type { CostBasis, CostParameter, CostParameters } from './cpu/cost-parameters.js';
export type { CostKindName } from './cpu/cost-kind.js';
export { CostKind } from './cpu/cost-kind.js';

// Kernel modules
export { KernelEntry, ExitWork, SwitchReason } from './kernel/exit-work.js';
export type { KernelHooks } from './kernel/hooks.js';
export type { CpuTimerPort, KernelModule, KernelPort } from './kernel/kernel-module.js';
export type { UserMemoryPort } from './kernel/user-memory-port.js';
export type { UserStruct } from './kernel/user-struct.js';
export { withoutSyscalls } from './kernel/without-syscalls.js';
export type { StoppedRequest } from './kernel/process/stopped-request.js';
export type { KernelWorkPort } from './kernel/kernel-work.js';
export { SLEEPING } from './kernel/syscalls/syscall-table.js';
export type { SyscallHandler } from './kernel/syscalls/syscall-table.js';
export { StaleProgram } from './composition/returnable-program.js';
export type { StatePhases } from './composition/state-phases.js';
export type { KernelImage, StateImage } from './composition/state-return.js';
export type { StateReturn, ThreadImage } from './composition/state-return.js';
export type { StateView } from './composition/state-view.js';
export { SyscallNumber } from './kernel/syscalls/syscall-number.js';
export type { SyscallName } from './kernel/syscalls/syscall-number.js';
export { USER_END, isUserRange } from './memory/user-layout.js';
