import type { Finding } from '../finding.js';
import { userFrame } from '../trace/source-frame.js';

/** The errors of the machine and of the explorer themselves, which no library throws for a caller. */
const OWN: ReadonlySet<string> = new Set(['MachineError', 'ExplorerError']);

/** An error by which a library refuses what its caller does: it has a literal code `ERR_...`. */
export interface LibraryError extends Error {
  readonly code: string;
}

/** Whether a library refused what a program did, as opposed to a program that threw by mistake. */
export function isLibraryError(error: unknown): error is LibraryError {
  if (!(error instanceof Error) || OWN.has(error.name)) return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_');
}

/**
 * What a thread did that a library refuses.
 *
 * @param decision - index of the decision in which it did
 */
export function misuse(
  error: LibraryError,
  thread: { readonly id: number; readonly name: string; readonly cpu: number },
  decision: number,
): Finding {
  const { code } = error;
  const { id, name, cpu } = thread;
  const source = userFrame(error.stack ?? '');
  const what = `${error.name} ${code}`;
  return {
    kind: 'misuse',
    message: `expected T${id} ${name} to use a library as it may be used, got ${what}: ${error.message}`,
    thread: id,
    code,
    places: [{ role: 'throw', thread: id, cpu, decision, what, ...(source && { source }) }],
  };
}
