import type { RunTrace, TraceRow } from '../../trace/run-trace.js';

/** A stretch of a lane: from one row to another, both included. */
export interface LaneSpan {
  readonly from: number;
  readonly to: number;
  /** The thread that is on the CPU, of a CPU's lane; the CPU, of a thread's; -1 for a sleep. */
  readonly who: number;
}

/** A line of the timeline: what a CPU or a thread did, row by row. */
export interface Lane {
  readonly kind: 'cpu' | 'thread';
  /** Number of the CPU or of the thread. */
  readonly id: number;
  readonly label: string;
  readonly spans: readonly LaneSpan[];
}

/** Lanes for the CPUs on which anything happened, and for all threads. */
export function lanesOf({ cpus, threads, rows }: RunTrace): readonly Lane[] {
  const busy = cpus.filter((cpu) => rows.some((row) => row.cpu === cpu));
  return [
    ...busy.map((cpu): Lane => ({
      kind: 'cpu',
      id: cpu,
      label: `CPU ${cpu}`,
      spans: executionsOn(rows, cpu),
    })),
    ...threads.map(({ thread, name }): Lane => ({
      kind: 'thread',
      id: thread,
      label: name === '' || name === `T${thread}` ? `T${thread}` : `T${thread} ${name}`,
      spans: lifeOf(rows, thread),
    })),
  ];
}

/** Whether the row says that its thread goes to sleep. */
export function isSleep({ kind, text }: TraceRow): boolean {
  return kind === 'switch' && text.endsWith(' sleeps');
}

function executionsOn(rows: readonly TraceRow[], cpu: number): readonly LaneSpan[] {
  const steps = rows.flatMap((row, at) =>
    row.kind === 'step' && row.cpu === cpu ? [{ at, who: row.thread }] : [],
  );
  return joined(steps, () => true);
}

function lifeOf(rows: readonly TraceRow[], thread: number): readonly LaneSpan[] {
  const steps = rows.flatMap((row, at) =>
    row.kind === 'step' && row.thread === thread ? [{ at, who: row.cpu }] : [],
  );
  const sleeps: LaneSpan[] = [];
  for (const [from, row] of rows.entries()) {
    if (row.thread !== thread || !isSleep(row)) continue;
    const woken = rows.findIndex(
      (other, at) => at > from && other.thread === thread && other.kind === 'wakeup',
    );
    sleeps.push({ from, to: woken < 0 ? rows.length - 1 : woken, who: -1 });
  }
  const isOnCpu = (from: number, to: number): boolean =>
    !sleeps.some((sleep) => sleep.from >= from && sleep.from <= to) &&
    !rows
      .slice(from, to)
      .some((row) => row.kind === 'step' && row.cpu === rows[from]!.cpu && row.thread !== thread);
  return [...joined(steps, isOnCpu), ...sleeps];
}

/** Steps that follow each other in a lane are one span, as long as nothing comes between. */
function joined(
  steps: readonly { readonly at: number; readonly who: number }[],
  belong: (from: number, to: number) => boolean,
): readonly LaneSpan[] {
  const spans: { from: number; to: number; who: number }[] = [];
  for (const { at, who } of steps) {
    const last = spans.at(-1);
    if (last?.who === who && belong(last.to, at)) last.to = at;
    else spans.push({ from: at, to: at, who });
  }
  return spans;
}
