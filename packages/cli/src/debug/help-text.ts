import type { DebuggerCommand } from './debugger-command.js';
import { table } from './table.js';

/** Everything that there is, one line each. */
export function helpText(groups: Readonly<Record<string, readonly DebuggerCommand[]>>): string {
  const rows = Object.values(groups)
    .flat()
    .map((command) => [`  ${called(command)}`, (command.aliases ?? []).join(' '), command.summary]);
  const lines = table(rows).split('\n');
  let at = 0;
  const parts = Object.entries(groups).map(([title, commands]) => {
    const part = lines.slice(at, at + commands.length);
    at += commands.length;
    return `${title}\n${part.join('\n')}\n`;
  });
  return (
    `${parts.join('')}Any unambiguous beginning of a name will do. T is a thread (T0, T1); ` +
    'help COMMAND says more.\n'
  );
}

/** All about one command. */
export function oneHelpText(command: DebuggerCommand): string {
  const { aliases = [], summary, details } = command;
  return [
    `${called(command)}${aliases.length === 0 ? '' : `  (${aliases.join(', ')})`}`,
    `  ${summary}`,
    ...(details === undefined ? [] : details.split('\n').map((line) => `  ${line}`)),
    '',
  ].join('\n');
}

function called({ name, usage }: DebuggerCommand): string {
  return usage === undefined ? name : `${name} ${usage}`;
}
