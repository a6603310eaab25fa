import type { DebugSession } from './debug-session.js';
import type { Reply } from './debugger-command.js';
import { locationData, locationText } from './location.js';
import { rowLine, watchOf } from './movement.js';

/** Goes back to a position, and says what was taken back. */
export function goBack(session: DebugSession, position: number, reason?: string): Reply {
  const { run } = session;
  const rows = run.rowsFrom(0);
  run.goTo(position);
  session.isFresh = position === 0;
  session.breakpoints.restart();
  session.newFindings();
  watchOf(session);
  const undone = rows.slice(run.rowsFrom(0).length);
  const lines = [
    ...undone.slice(0, 3).map((row) => `undone: ${rowLine(row)}`),
    ...(undone.length > 3 ? [`and ${undone.length - 3} more`] : []),
    ...(reason === undefined ? [] : [reason]),
    `decision ${position}, ${run.ahead} lie ahead`,
    locationText(session),
  ];
  const data = { position, ahead: run.ahead, undone, at: locationData(session) };
  return {
    text: `${lines.join('\n')}\n`,
    data: reason === undefined ? data : { ...data, stop: reason },
  };
}
