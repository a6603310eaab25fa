import { ScriptedDirector } from '@rseqlab/sim-machine';
import type { MachineConfig, ReplayRecord } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import { explainStuck } from '../findings/explain-stuck.js';
import { locateFinding } from '../findings/locate-finding.js';
import { WaitHistory } from '../findings/wait-history.js';
import { ScenarioRunner } from '../scenario-runner.js';
import type { Scenario } from '../scenario.js';
import { spinningAtEnd } from '../search/spin/spinning-at-end.js';
import type { CpuPlace, RunTrace, ThreadPlace } from './run-trace.js';
import { TraceRecorder } from './trace-recorder.js';

/** The part of a replay token that says how a run went. */
export type RecordedDecisions = Pick<ReplayRecord, 'decisions' | 'granularity' | 'scheduling'>;

interface Snapshot {
  readonly finding: Finding;
  readonly cpuPlaces: readonly CpuPlace[];
  readonly threadPlaces: readonly ThreadPlace[];
}

/** How a run is recorded. */
export interface RecordOptions {
  /** What replaced parts of the scenario's machine when the run was made. */
  readonly machine?: MachineConfig;
  /** How source files are written; default as the host names them. */
  readonly nameFile?: (file: string) => string;
  /** What a search found that one run does not show, such as a livelock: it is where the run ends. */
  readonly finding?: Finding | undefined;
}

/**
 * Makes a recorded run of a scenario again and takes down everything that happens.
 *
 * @throws MachineError `ERR_DECISION` when the decisions are not possible: they are of another
 *   scenario, or it is not deterministic; ExplorerError `ERR_SCENARIO` when its own code throws
 */
export function recordRun(
  scenario: Scenario,
  recorded: RecordedDecisions,
  options: RecordOptions = {},
): RunTrace {
  const script = new ScriptedDirector(recorded.decisions, recorded);
  const runner = new ScenarioRunner(scenario, script, options.machine);
  try {
    return recordOn(runner, script, { scenario, recorded, ...options });
  } finally {
    runner.giveBack();
  }
}

interface RecordOrder extends RecordOptions {
  readonly scenario: Scenario;
  readonly recorded: RecordedDecisions;
}

function recordOn(
  runner: ScenarioRunner,
  script: ScriptedDirector,
  { scenario, recorded, machine, nameFile, finding: told }: RecordOrder,
): RunTrace {
  const { granularity, scheduling } = recorded;
  let found: Snapshot | undefined;
  let spinning: ReturnType<typeof spinningAtEnd>;
  const look = (end?: Finding): void => {
    const first = found === undefined ? (runner.lab.findings[0] ?? end) : undefined;
    if (first === undefined) return;
    const isStuck = first.kind === 'deadlock' && first.waits === undefined;
    const finding = locateFinding(
      isStuck ? explainStuck(runner.machine, history, spinning) : first,
      {
        rows: recorder.rows.all,
        source: (thread) => recorder.places.source(thread),
        nameFile: nameFile ?? ((file) => file),
      },
    );
    const { cpu, thread } = placeOf(finding, recorder);
    recorder.rows.follow({ kind: 'finding', cpu, thread, text: finding.message });
    found = {
      finding,
      cpuPlaces: recorder.places.cpuPlaces(),
      threadPlaces: recorder.places.threadPlaces(),
    };
  };
  const recorder = new TraceRecorder(runner.machine, {
    granularity,
    onDecision: () => {
      look();
    },
    nameFile,
  });
  const history = new WaitHistory(runner.machine, () => recorder.rows.decided?.index ?? -1);
  recorder.onAccess = (thread, access) => history.accessed(thread, access);
  const { result } = runner.run(recorder.recording(script));
  const { outcome } = result;
  const mayWait = outcome === 'stopped' && scheduling === 'free' && granularity === 'access';
  // A thread that spins can step; that nobody else can is not seen from one run.
  if (found === undefined && told === undefined && mayWait && scenario.allowBlocked !== true)
    spinning = spinningAtEnd(scenario, recorded, machine);
  look(spinning === undefined ? told : { kind: 'deadlock', message: '' });
  return {
    scenario: scenario.name,
    cpus: runner.machine.cpus.possible,
    threads: recorder.places.threads,
    rows: recorder.rows.all,
    omittedRows: recorder.rows.omitted,
    kernelEvents: recorder.kernelEvents,
    outcome: spinning === undefined ? outcome : 'stuck',
    ...(found ?? {
      cpuPlaces: recorder.places.cpuPlaces(),
      threadPlaces: recorder.places.threadPlaces(),
    }),
  };
}

function placeOf({ thread }: Finding, recorder: TraceRecorder): { cpu: number; thread: number } {
  if (thread === undefined) return { cpu: -1, thread: -1 };
  const place = recorder.places.threadPlaces().find((candidate) => candidate.thread === thread);
  return { cpu: place?.cpu ?? -1, thread };
}
