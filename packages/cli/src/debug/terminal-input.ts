import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { LineInput } from './line-input.js';

/**
 * Reads lines from a stream: with prompt, history and completion where both ends are a terminal.
 *
 * Ctrl-C takes the line back, as in a shell, or interrupts the command that is at work; Ctrl-D ends the input.
 */
export function terminalInput(
  stdin: ReadStream,
  stdout: WriteStream,
  prompt: string,
  commands: readonly string[],
): LineInput {
  const isInteractive = stdin.isTTY && stdout.isTTY;
  const reader = createInterface({
    input: stdin,
    terminal: isInteractive,
    ...(isInteractive && { output: stdout, prompt, historySize: 1000 }),
    completer: (line: string) => [commands.filter((name) => name.startsWith(line)), line],
  });
  const waiting: ((line: string | undefined) => void)[] = [];
  const lines: string[] = [];
  let hasEnded = false;
  reader.on('line', (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  reader.on('close', () => {
    hasEnded = true;
    for (const next of waiting.splice(0)) next(undefined);
  });
  let interrupt = (): void => undefined;
  reader.on('SIGINT', () => {
    if (waiting.length === 0) {
      interrupt();
      return;
    }
    stdout.write('\n');
    reader.write(null, { ctrl: true, name: 'u' });
    reader.prompt();
  });
  return {
    isInteractive,
    read() {
      const line = lines.shift();
      if (line !== undefined || hasEnded) return Promise.resolve(line);
      if (isInteractive) reader.prompt();
      return new Promise((resolve) => waiting.push(resolve));
    },
    onInterrupt(listener) {
      interrupt = listener;
    },
    close: () => reader.close(),
  };
}
