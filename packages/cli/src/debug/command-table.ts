import { CommandError } from '../command-error.js';
import { breakAt, breakOnce } from './commands/break.js';
import { breakpoints } from './commands/breakpoints.js';
import { continueRun } from './commands/continue.js';
import { cpus } from './commands/cpus.js';
import { deleteBreakpoint } from './commands/delete.js';
import { disassemble } from './commands/disassemble.js';
import { events } from './commands/events.js';
import { finish } from './commands/finish.js';
import { forward } from './commands/forward.js';
import { history } from './commands/history.js';
import { memory } from './commands/memory.js';
import { quit } from './commands/quit.js';
import { registers } from './commands/registers.js';
import { restart } from './commands/restart.js';
import { reverseContinue } from './commands/reverse-continue.js';
import { reverseStep } from './commands/reverse-step.js';
import { rseq } from './commands/rseq.js';
import { sections } from './commands/sections.js';
import { step } from './commands/step.js';
import { stepover } from './commands/stepover.js';
import { thread } from './commands/thread.js';
import { threads } from './commands/threads.js';
import { token } from './commands/token.js';
import { EVENT_COMMANDS } from './event-commands.js';
import { helpText, oneHelpText } from './help-text.js';
import { reply } from './debugger-command.js';
import type { DebuggerCommand, Reply } from './debugger-command.js';
import type { DebugSession } from './debug-session.js';

/** Commands by what they are for, as help lists them. */
const GROUPS: Readonly<Record<string, readonly DebuggerCommand[]>> = {
  'Looking around': [
    threads,
    thread,
    cpus,
    registers,
    memory,
    disassemble,
    sections,
    rseq,
    history,
  ],
  'Going on': [step, stepover, finish, continueRun, forward],
  'Going back': [reverseStep, reverseContinue, restart],
  Breakpoints: [breakAt, breakOnce, breakpoints, deleteBreakpoint],
  'Making something happen': [events, ...EVENT_COMMANDS],
  'The debugger': [token, quit],
};

const help: DebuggerCommand = {
  name: 'help',
  usage: '[COMMAND]',
  summary: 'list the commands, or explain one',
  run(_session, [word]) {
    if (word === undefined) return reply(helpText(GROUPS), { commands: names() });
    const command = find(word);
    return reply(oneHelpText(command), { command: command.name, summary: command.summary });
  },
};

/** gdb's way to ask for lists: `info threads` is `threads`. */
const info: DebuggerCommand = {
  name: 'info',
  usage: 'COMMAND',
  summary: "gdb's way to say threads, cpus, registers, breakpoints, sections, rseq, events",
  run(session, [word, ...words]) {
    if (word === undefined) throw unknown('nothing');
    return find(word).run(session, words);
  },
};

const COMMANDS: readonly DebuggerCommand[] = [...Object.values(GROUPS).flat(), help, info];

/** The names of all commands. */
export function names(): readonly string[] {
  return COMMANDS.map(({ name }) => name);
}

/**
 * Carries out a line of input.
 *
 * @returns undefined for an empty line and for a remark (`# ...`)
 * @throws CommandError with what was expected and what came
 */
export function execute(
  session: DebugSession,
  line: string,
): { readonly command: string; readonly reply: Reply } | undefined {
  const [first, ...words] = line.trim().split(/\s+/);
  if (first === undefined || first === '' || first.startsWith('#')) return undefined;
  // gdb's x/4 ADDRESS.
  const counted = /^x\/(\d+)\w*$/.exec(first)?.[1];
  if (counted !== undefined)
    return { command: memory.name, reply: memory.run(session, [...words, counted]) };
  const command = find(first);
  return { command: command.name, reply: command.run(session, words) };
}

/** The command of a name, an alias, or the beginning of one name. */
function find(word: string): DebuggerCommand {
  const exact = COMMANDS.find(({ name, aliases }) => name === word || aliases?.includes(word));
  if (exact !== undefined) return exact;
  const [first, ...others] = COMMANDS.filter(({ name }) => name.startsWith(word));
  if (first === undefined) throw unknown(`"${word}"`);
  if (others.length === 0) return first;
  const meant = [first, ...others].map(({ name }) => name).join(', ');
  throw new CommandError(`expected one command (${meant}), got "${word}"`);
}

function unknown(got: string): CommandError {
  return new CommandError(`expected a command (${names().join(', ')}), got ${got}`);
}
