import { Arrivals, rowText } from '@rseqlab/explorer';
import type { Arrival, NextDecision, TraceRow } from '@rseqlab/explorer';
import { LivelockWatch } from '@rseqlab/rseq-runtime';
import type { Livelock } from '@rseqlab/rseq-runtime';
import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import type { Breakpoint } from './breakpoints.js';
import type { DebugSession } from './debug-session.js';
import type { Reply } from './debugger-command.js';
import { locationData, locationText } from './location.js';

/** Rows that are shown of what happened on the way: of steps, and beside steps that are not shown. */
const MOST_STEPS = 20;
const MOST_OTHERS = 6;

/** Why a run stopped. */
interface Stop {
  readonly reason: string;
  readonly breakpoint?: number;
  readonly livelock?: Livelock;
}

/** How a run goes on. */
export interface Movement {
  /** Asked before every decision; NO_DECISION ends the movement. */
  readonly next: NextDecision;
  /** Whether every step is shown, or only what happened besides. */
  readonly showsSteps: boolean;
}

/** What watches a machine while it moves; made anew with every machine. */
const watches = new WeakMap<Machine, LivelockWatch>();

/** Notices from now on what a session's machine does in vain. */
export function watchOf({ run, sections }: DebugSession): LivelockWatch {
  const { machine } = run;
  let watch = watches.get(machine);
  if (watch === undefined) {
    watch = new LivelockWatch(machine, sections);
    watches.set(machine, watch);
  }
  return watch;
}

/** Goes on until the movement ends, a breakpoint is hit, or something is found. */
export function move(session: DebugSession, { next, showsSteps }: Movement): Reply {
  const { run, breakpoints } = session;
  const from = run.rowCount;
  const { position, ahead } = run;
  const watch = watchOf(session);
  const arrivals = new Arrivals(run, session.isFresh && !showsSteps);
  session.isFresh = false;
  let stop: Stop | undefined;
  run.go((point) => {
    stop = stopFor(session, watch, arrivals.look());
    if (stop !== undefined) return NO_DECISION;
    if (session.takeInterrupt()) {
      stop = { reason: 'interrupted' };
      return NO_DECISION;
    }
    if (run.position - position >= session.mostDecisions) {
      stop = { reason: `stopped after ${session.mostDecisions} decisions; continue goes on` };
      return NO_DECISION;
    }
    return next(point);
  });
  if (stop?.breakpoint !== undefined) {
    const hit = breakpoints.all.find(({ number }) => number === stop?.breakpoint);
    if (hit?.isTemporary === true) breakpoints.remove(hit.number);
  }
  const dropped = ahead - run.ahead - (run.position - position);
  return told(session, run.rowsFrom(from), stop, showsSteps, dropped);
}

/** What is to be said of where a run is now, and how it came there. */
function told(
  session: DebugSession,
  rows: readonly TraceRow[],
  stop: Stop | undefined,
  showsSteps: boolean,
  dropped: number,
): Reply {
  const { run } = session;
  const findings = session.newFindings();
  const wanted = rows.filter(({ kind }) => showsSteps || kind !== 'step');
  const shown = wanted.slice(-(showsSteps ? MOST_STEPS : MOST_OTHERS));
  const ending =
    run.outcome === 'finished'
      ? `every thread has ended${run.findings.length === 0 ? ', and nothing was found' : ''}`
      : isStuck(session)
        ? STUCK
        : '';
  const lines = [
    ...(dropped > 0 ? [`what lay ahead is dropped: ${dropped} decisions`] : []),
    ...(shown.length < wanted.length ? ['... (history shows more)'] : []),
    ...shown.map(rowLine),
    ...findings.map(({ kind, message }) => `!! ${kind}: ${message}`),
    ...(stop === undefined ? [] : [stop.reason]),
    ...(ending === '' ? [] : [ending]),
    ...(run.outcome === 'finished' ? [] : [locationText(session)]),
  ];
  return {
    text: `${lines.join('\n')}\n`,
    data: {
      position: run.position,
      ahead: run.ahead,
      outcome: run.outcome,
      ...(stop && { stop: stop.reason }),
      ...(stop?.breakpoint !== undefined && { breakpoint: stop.breakpoint }),
      ...(stop?.livelock && {
        livelock: {
          thread: stop.livelock.thread,
          section: `${stop.livelock.section.program}: ${stop.livelock.section.name}`,
          aborts: stop.livelock.aborts,
        },
      }),
      findings,
      at: locationData(session),
      rows: wanted,
    },
  };
}

const STUCK = 'no thread can go on unless a kernel event comes: events lists what can';

function isStuck({ run }: DebugSession): boolean {
  return run.outcome === 'stuck';
}

/** A row of what happened, as one line. */
export function rowLine(row: TraceRow): string {
  const where = row.cpu < 0 ? '' : `CPU ${row.cpu}`;
  const note = row.note === undefined ? '' : `  ; ${row.note}`;
  return `${where.padEnd(6)} ${rowText(row)}${note}`.trimEnd();
}

function stopFor(
  session: DebugSession,
  watch: LivelockWatch,
  arrived: readonly Arrival[],
): Stop | undefined {
  const { run, breakpoints } = session;
  let first: Breakpoint | undefined;
  const hitBy: number[] = [];
  for (const arrival of arrived) {
    watch.arrived(arrival.thread, arrival.ip);
    const breakpoint = breakpoints.hit(run, arrival);
    first ??= breakpoint;
    if (breakpoint !== undefined && breakpoint === first) hitBy.push(arrival.thread);
  }
  const livelock = watch.take();
  if (livelock !== undefined) return livelockStop(livelock);
  if (first === undefined) return undefined;
  session.selected = hitBy[0]!;
  const who = hitBy.map((thread) => `T${thread}`).join(', ');
  return { reason: `breakpoint ${first.number}, ${first.text}: ${who}`, breakpoint: first.number };
}

function livelockStop(livelock: Livelock): Stop {
  const { thread, section, aborts } = livelock;
  return {
    reason:
      `livelock: section ${section.program}: ${section.name} of T${thread} was aborted ${aborts} times ` +
      'in a row and gets nowhere; a debugger that stops inside of it has to step over it as one (stepover)',
    livelock,
  };
}
