/**
 * Searches the interleavings of a simulated machine, replays what it finds, and judges litmus tests.
 *
 * Declare a program and what must hold of it by {@link scenario}; {@link check} takes every
 * interleaving of it, {@link recordRun} makes one of them again, for people to read.
 *
 * @packageDocumentation
 */

// Scenarios and what is found in them
export { isScenario, scenario } from './scenario.js';
export type { Scenario, ScenarioDefinition } from './scenario.js';
export { MachinePool } from './machine-pool.js';
export { Lab } from './lab.js';
export type { Finding, FindingKind, FindingLoop } from './finding.js';
export { DETECTIONS } from './findings/detection.js';
export type { Detection } from './findings/detection.js';
export { nondeterminism } from './findings/nondeterminism.js';
export { Heap } from './findings/heap.js';
export type { HeapBlock } from './findings/heap.js';
export type { FindingPlace, FindingPlaceRole } from './findings/finding-place.js';
export type { ThreadWait, WaitResource } from './findings/thread-wait.js';
export { ScenarioRunner } from './scenario-runner.js';
export type { ScenarioRun } from './scenario-runner.js';
export { ExplorerError } from './explorer-error.js';
export type { ExplorerErrorCode } from './explorer-error.js';

// Search
export { check, searchedMachine } from './search/check.js';
export type { CheckOptions, CheckResult } from './search/check.js';
export type { InterruptibleDirector } from './search/spin/spin-aware-director.js';
export type { HeldValues } from './search/spin/word-values.js';
export { STATE_IDENTITIES } from './search/states/state-key.js';
export type { StateIdentity } from './search/states/state-key.js';
export { StateSearch } from './search/states/state-search.js';
export type { StateSearchOptions } from './search/states/state-search.js';
export type { FrontierOptions } from './search/states/state-frontier.js';
export type { StatePass } from './search/states/state-pass.js';
export { STRATEGIES } from './search/strategies.js';
export type { SearchName } from './search/strategies.js';
export type {
  Search,
  SearchSettings,
  SearchStrategy,
  UnitOptions,
} from './search/search-strategy.js';
export type { BoundLimits } from './search/schedule-bounds.js';
export { ExhaustiveSearch } from './search/exhaustive-pass.js';
export type { PassCounts, PassLimits, PassResult } from './search/exhaustive-pass.js';
export { StatelessSearch } from './search/stateless/stateless-search.js';
export type { ClassLimits } from './search/stateless/stateless-search.js';
export type { SearchUnit, UnitEvent } from './search/stateless/search-unit.js';
export { mergeUnits } from './search/stateless/unit-result.js';
export type { ClassCounts, ClassResult } from './search/stateless/unit-result.js';
export type { PlannedPart, UnitResult } from './search/stateless/unit-result.js';

// Search in units, anywhere and in any order
export type { Cutting, UnitSearch } from './search/plan/unit-search.js';
export { checkUnits } from './search/plan/check-units.js';
export type { CheckUnits } from './search/plan/check-units.js';
export { Claims } from './search/claims.js';
export type { WordFacts } from './search/states/word-owners.js';
export { StateRounds } from './search/states/together/state-rounds.js';
export type {
  LaneWork,
  RoundOptions,
  SearchedStates,
} from './search/states/together/state-rounds.js';
export type {
  LanePass,
  LaneReport,
  LaneRound,
  OpenStates,
} from './search/states/together/lane-round.js';
export type { SearchMemory, SearchShape } from './search/states/together/search-memory.js';
export type { StoreMemory } from './search/states/together/shared-store.js';
export { restoredStates, savedHead, savedWords } from './search/states/together/saved-states.js';
export type { ReadChunk, SavedHead } from './search/states/together/saved-states.js';
export type { EdgeRecord } from './search/states/together/edge-log.js';
export type { ClaimTable } from './search/claims.js';
export { UnitLedger } from './search/plan/unit-ledger.js';
export type { PlacedResult, PlacedUnit } from './search/plan/unit-ledger.js';
export { equalUnits } from './search/plan/search-plan.js';
export type { PlannedUnit, SearchPlan, UnitOutcome, UnitWork } from './search/plan/search-plan.js';
export { requireIdentity } from './search/plan/plan-identity.js';
export type { PlanIdentity } from './search/plan/plan-identity.js';
export { mergeResults } from './search/plan/merge-results.js';
export { placeUnits, shardUnits } from './search/plan/shard.js';
export { decodePlan, decodeResults, encodePlan, encodeResults } from './search/plan/plan-text.js';
export type { OrderedPlan, SavedResults } from './search/plan/plan-text.js';
export type { UnitPath } from './search/plan/unit-path.js';

// Recorded runs
export { recordRun } from './trace/record-run.js';
export type { RecordOptions, RecordedDecisions } from './trace/record-run.js';
export type {
  CpuPlace,
  PointOfNoReturn,
  RunTrace,
  ThreadPlace,
  TraceAccess,
  TraceRow,
  TraceRowKind,
  TracedThread,
} from './trace/run-trace.js';
export { formatFrame, isLibraryFile, userFrame } from './trace/source-frame.js';
export type { SourceFrame } from './trace/source-frame.js';

// Simpler runs
export { shrinkRun } from './shrink/shrink-run.js';
export type { ShrinkOptions, ShrunkRun } from './shrink/shrink-run.js';
export type { ScheduleCost } from './shrink/schedule-cost.js';
export { pointOfNoReturn } from './shrink/point-of-no-return.js';
export type { NoReturnOptions } from './shrink/point-of-no-return.js';

// A run that is decided step by step, and goes back as well as forward
export { DebugRun } from './debug/debug-run.js';
export type { DebugOptions } from './debug/debug-run.js';
export type { NextDecision } from './debug/debug-director.js';
export { TurnTaking } from './debug/turn-taking.js';
export { Arrivals } from './debug/arrivals.js';
export type { Arrival } from './debug/arrivals.js';
export { instructionAt } from './trace/instruction-place.js';
export type { InstructionPlace } from './trace/instruction-place.js';
export { rowText } from './report/row-text.js';
export { signalName } from './signal-name.js';

// Reports
export { findingData } from './report/finding-data.js';
export type { FindingData } from './report/finding-data.js';
export { findingReport } from './report/finding-report.js';
export type { ReportOptions } from './report/finding-report.js';
export { htmlReport } from './report/html/html-report.js';
export type { HtmlOptions } from './report/html/html-report.js';
export { scheduleTable } from './report/schedule-table.js';
export type { ScheduleOptions } from './report/schedule-table.js';
export { PLAIN } from './report/paint.js';
export type { Paint } from './report/paint.js';
export { grouped, plural } from './report/plural.js';

// Litmus tests: running them
export { LitmusSearch } from './litmus-search/litmus-search.js';
export type { LitmusLimits, LitmusResult } from './litmus-search/litmus-search.js';
export { SEARCHED_MODELS } from './litmus-search/litmus-machine.js';
export type { SearchedModel } from './litmus-search/litmus-machine.js';
export { compareOutcome } from './litmus/litmus-outcome.js';
export type { LitmusOutcome, OutcomeDifference } from './litmus/litmus-outcome.js';
export { Verdict, claimHolds } from './litmus/verdict.js';

// Litmus tests in C: running them, and the RCU behind them
export { LkmmSearch } from './lkmm-search/lkmm-search.js';
export type { LkmmLimits, LkmmResult } from './lkmm-search/lkmm-search.js';
export { compareLkmm } from './lkmm-search/compare-lkmm.js';
export type { ComparedLkmm, LkmmExpectation } from './lkmm-search/compare-lkmm.js';
export type { LkmmOutcome, LkmmVerdict } from './lkmm-search/lkmm-verdict.js';
export { misuseText, waitText } from './lkmm-search/lkmm-finding.js';
export type {
  LkmmDeadlock,
  LkmmMisuse,
  LkmmWait,
  ThreadStatement,
} from './lkmm-search/lkmm-finding.js';
export { KernelRcu, createKernelRcu } from './lkmm-search/kernel-rcu.js';
export { ReaderDomain } from './lkmm-search/reader-domain.js';
export type { SectionCapacity } from './lkmm-search/reader-domain.js';
export type {
  MisuseFlag,
  RcuBackend,
  RcuEnvironment,
  RcuFactory,
  RcuPort,
} from './lkmm-search/rcu-port.js';

// Litmus tests: reading them and their tables
export { parseAnyLitmus } from './lkmm/parse-any-litmus.js';
export type { AnyLitmusTest } from './lkmm/parse-any-litmus.js';
export { parseLkmm } from './lkmm/parse-lkmm.js';
export { LITMUS_DIALECTS } from './litmus/litmus-syntax.js';
export type { LitmusDialect } from './litmus/litmus-syntax.js';
export type { StatedVerdict } from './litmus/stated-verdict.js';
export { parseLitmus } from './litmus/parse-litmus.js';
export { parseExpected } from './litmus/parse-expected.js';
export { LITMUS_MODELS } from './litmus/expected-result.js';
export type { ExpectedOutcome, ExpectedResult, LitmusModel } from './litmus/expected-result.js';
export { LitmusError } from './litmus/litmus-error.js';
export type { LitmusComplaint, LitmusErrorCode } from './litmus/litmus-error.js';

// Litmus tests: the parts of one
export type { LkmmTest, LkmmThread, LocationKind } from './lkmm/lkmm-test.js';
export type { CallStatement, CStatement, StatementPlace } from './lkmm/c-statement.js';
export type {
  BinaryOperator,
  CExpression,
  LoadOrder,
  UnaryOperator,
  UpdateExpression,
  UpdateOperation,
} from './lkmm/c-expression.js';
export { KERNEL_CALLS } from './lkmm/kernel-call.js';
export type { KernelCall } from './lkmm/kernel-call.js';
export type {
  InitialItem,
  LitmusCondition,
  LitmusQuestion,
  Quantifier,
} from './litmus/litmus-question.js';
export type { LitmusTest, LitmusThread, PlacedInstruction } from './litmus/litmus-test.js';
export type { LitmusValue } from './litmus/litmus-value.js';
export type { LocationObservable, Observable, RegisterObservable } from './litmus/observable.js';
export type {
  ConstantProposition,
  ImpliesProposition,
  ListProposition,
  NotProposition,
  Proposition,
  SameProposition,
  ValueProposition,
} from './litmus/proposition.js';
export type {
  ArithmeticInstruction,
  ArithmeticOperation,
  CompareExchangeInstruction,
  CompareInstruction,
  ExchangeAddInstruction,
  ExchangeInstruction,
  FenceInstruction,
  IdleInstruction,
  JumpCondition,
  JumpInstruction,
  LitmusInstruction,
  LoadAddressInstruction,
  MoveInstruction,
} from './litmus/litmus-instruction.js';
export type {
  ImmediateOperand,
  LitmusOperand,
  MemoryOperand,
  RegisterOperand,
} from './litmus/litmus-operand.js';
export type { SourcePosition } from './litmus/source-text.js';
export { X86_REGISTERS } from './litmus/x86-register.js';
export type { OperandWidth, X86Register } from './litmus/x86-register.js';
