import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import type { Debugger } from './debugger.js';
import type { LineInput } from './line-input.js';

/**
 * Carries out lines until the input ends or one of them says so.
 *
 * A person who types something wrong is told and goes on, and repeats the last command by an empty
 * line, as in gdb. A script ends at the first wrong line.
 *
 * @throws CommandError with the number of the wrong line of a script, and what was expected
 */
export async function readLoop(input: LineInput, target: Debugger, io: CommandIo): Promise<void> {
  let last = '';
  for (let number = 1; ; number++) {
    const typed = await input.read();
    if (typed === undefined) {
      if (input.isInteractive) io.out('\n');
      return;
    }
    const line = input.isInteractive && typed.trim() === '' ? last : typed;
    last = line;
    const answer = await target.execute(line);
    if (answer.kind === 'said') {
      io.out(answer.output);
      if (answer.quits) return;
    } else if (input.isInteractive) io.err(`${answer.message}\n`);
    else throw new CommandError(`line ${number}: ${answer.message}`, answer.status);
  }
}
