import { addressOf, codeAt, hexadecimal, placeText } from '../code-place.js';
import type { BreakpointPlace } from '../breakpoints.js';
import type { DebugSession } from '../debug-session.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand, Reply } from '../debugger-command.js';
import { threadOf } from '../words.js';

const DETAILS = [
  'WHERE is an address (0x400010), a label of a program (cs.start, cs.start+8, counter: add), the',
  'name of a program (stops whenever a thread calls it), or a line of the TypeScript of a thread',
  '(counter.ts:12); without it, where the selected thread is. With "if T1" it is for that thread only.',
].join('\n');

/** Sets a breakpoint. */
export const breakAt: DebuggerCommand = {
  name: 'break',
  aliases: ['b'],
  usage: '[WHERE] [if T]',
  summary: 'stop whenever a thread comes to a place',
  details: DETAILS,
  run: (session, words) => set(session, words, false),
};

/** Sets a breakpoint that goes away when it was hit. */
export const breakOnce: DebuggerCommand = {
  name: 'tbreak',
  aliases: ['tb'],
  usage: '[WHERE] [if T]',
  summary: 'stop once when a thread comes to a place',
  details: DETAILS,
  run: (session, words) => set(session, words, true),
};

function set(session: DebugSession, words: readonly string[], isTemporary: boolean): Reply {
  const condition = words.indexOf('if');
  const where = (condition < 0 ? words : words.slice(0, condition)).join(' ');
  const rest = condition < 0 ? [] : words.slice(condition + 1);
  const thread = condition < 0 ? undefined : threadOf(session, rest.join(' ') || undefined);
  const place = placeOf(session, where);
  const text = describe(session, place);
  const { number } = session.breakpoints.add({ place, text, thread, isTemporary });
  const only = thread === undefined ? '' : ` if T${thread}`;
  return reply(`breakpoint ${number}: ${text}${only}\n`, { number, place, text, thread });
}

function placeOf(session: DebugSession, where: string): BreakpointPlace {
  const { machine } = session.run;
  const line = /^(.*\.[cm]?[jt]sx?):(\d+)$/.exec(where);
  if (line !== null) return { kind: 'line', file: line[1]!, line: Number(line[2]) };
  if (machine.programs.some(({ program }) => program.name === where))
    return { kind: 'program', program: where };
  const address = where === '' ? session.ipOf(session.selected) : addressOf(machine, where);
  codeAt(machine, address, where === '' ? hexadecimal(address) : where);
  return { kind: 'address', address };
}

function describe({ run }: DebugSession, place: BreakpointPlace): string {
  switch (place.kind) {
    case 'address':
      return `${placeText(run.machine, place.address)} (${hexadecimal(place.address)})`;
    case 'program':
      return `calls of ${place.program}`;
    case 'line':
      return `${place.file}:${place.line}`;
  }
}
