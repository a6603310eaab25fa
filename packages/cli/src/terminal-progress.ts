import type { WriteStream } from 'node:tty';
import ora from 'ora';
import type { Progress } from './command-io.js';

/**
 * Shows progress as a spinner with a text, on a terminal; elsewhere nothing is shown.
 *
 * A terminal that says it has no columns, as pseudo terminals without a size do, counts as none: a
 * text would wrap without end there.
 */
export function terminalProgress(stream: WriteStream, text: string): Progress {
  const isShown = stream.isTTY && stream.columns > 0;
  const spinner = ora({
    text,
    stream,
    isEnabled: isShown,
    isSilent: !isShown,
    discardStdin: false,
  }).start();
  return {
    update: (now) => void (spinner.text = now),
    stop: () => void spinner.stop(),
  };
}
