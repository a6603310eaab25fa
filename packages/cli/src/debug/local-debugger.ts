import { plural } from '@rseqlab/explorer';
import { checkFingerprint, decodeToken } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import { asCommandError } from '../jobs/failure.js';
import { JobPhase } from '../jobs/heartbeat.js';
import type { Heartbeat } from '../jobs/heartbeat.js';
import { machineOverrides } from '../jobs/machine-overrides.js';
import { keepStackFrames } from '../jobs/stack-frames.js';
import { loadScenario } from '../jobs/scenario-file.js';
import { SEARCHED, identify, nameRun } from '../jobs/scenario-identity.js';
import { showPath } from '../jobs/source-position.js';
import { watchedScenario } from '../jobs/watched-scenario.js';
import { execute, names } from './command-table.js';
import { DebugSession } from './debug-session.js';
import type { DebugAnswer, DebugJob, Debugger } from './debugger.js';
import { locationData, locationText } from './location.js';

/** Decisions of one line, some seconds' worth. */
const MOST_DECISIONS = 100_000;

/**
 * Opens a debugger here and now.
 *
 * @param interrupts - one shared word; 1 interrupts the line that is at work
 * @throws CommandError with what was wrong with the file, the scenario or the token
 */
export async function localDebugger(
  job: DebugJob,
  heartbeat: Heartbeat,
  onLoaded?: (name: string) => void,
  interrupts: Int32Array = new Int32Array(new SharedArrayBuffer(4)),
): Promise<Debugger> {
  keepStackFrames();
  heartbeat.enter(JobPhase.Loading);
  let file = job.file ?? '';
  try {
    const record = job.token === undefined ? undefined : decodeToken(job.token);
    file = job.file ?? record?.scenario ?? '';
    const loaded = await loadScenario(file, job.folder);
    onLoaded?.(loaded.scenario.name);
    const scenario = watchedScenario(loaded.scenario, heartbeat);
    const machine = machineOverrides(job);
    const identity = identify({ ...loaded, scenario }, machine, record ?? SEARCHED);
    if (record !== undefined) checkFingerprint(record, identity.fingerprint);
    const session = new DebugSession(
      scenario,
      {
        machine,
        nameFile: (path) => showPath(path, job.folder),
        ...(record && { recorded: record }),
      },
      {
        nameRun: (run) => nameRun(loaded, identity, run.recorded, job),
        mostDecisions: MOST_DECISIONS,
        takeInterrupt: () => Atomics.exchange(interrupts, 0, 0) === 1,
      },
    );
    return {
      greeting: greeting(session, job, scenario.name),
      commands: names(),
      execute: (line) => Promise.resolve(answer(session, line, job, file)),
      interrupt: () => void Atomics.store(interrupts, 0, 1),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    throw asCommandError(error, file, job);
  }
}

function greeting(session: DebugSession, { json }: DebugJob, scenario: string): string {
  const { run } = session;
  const cpus = run.machine.cpus.possible.length;
  const { ahead } = run;
  const at = locationData(session);
  if (json)
    return `${JSON.stringify({ scenario, cpus, threads: run.threads.length, ahead, at })}\n`;
  const recorded = ahead === 0 ? '' : `; ${plural(ahead, 'decision')} of the token lie ahead`;
  const size = `${plural(cpus, 'CPU')}, ${plural(run.threads.length, 'thread')}`;
  return `${scenario}: ${size}${recorded}; help lists the commands\n${locationText(session)}\n`;
}

function answer(session: DebugSession, line: string, job: DebugJob, file: string): DebugAnswer {
  try {
    const said = execute(session, line);
    if (said === undefined) return { kind: 'said', output: '', quits: false };
    const { command, reply } = said;
    const output = job.json ? `${JSON.stringify({ command, ...reply.data })}\n` : reply.text;
    return { kind: 'said', output, quits: reply.quits === true };
  } catch (error) {
    const told = asCommandError(error, file, job);
    if (!(told instanceof CommandError)) throw told;
    return { kind: 'refused', message: told.message, status: told.status };
  }
}
