import { MEMORY_MODEL_NAMES, MachineError, decodeToken } from '@rseqlab/sim-machine';
import type { MemoryModelName, ReplayRecord } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import { TORTURE_NAMES } from './torture-programs.js';
import type { TortureName } from './torture-programs.js';

/** Which execution of which torture a token is of. */
export interface TortureIdentity<Name extends string = string> {
  readonly name: Name;
  readonly memory: MemoryModelName;
  readonly seed: number;
}

/** An execution in a token. */
export interface TortureToken extends TortureIdentity<TortureName> {
  readonly decisions: Uint32Array;
}

/** What a token calls an execution. */
export function tortureIdentity({ name, memory, seed }: TortureIdentity): string {
  return `torture/${name}/${memory}/${seed}`;
}

/**
 * Reads a token of an execution.
 *
 * @throws CommandError for no token, or one of something else
 */
export function readTortureToken(token: string): TortureToken {
  const { scenario, decisions } = decoded(token);
  const [kind, name, memory, seed] = scenario.split('/');
  const known = TORTURE_NAMES.find((one) => one === name);
  const model = MEMORY_MODEL_NAMES.find((one) => one === memory);
  if (kind !== 'torture' || !known || !model || !/^-?\d+$/.test(seed ?? ''))
    throw new CommandError(`expected a token of a torture, got one of ${scenario}`);
  return { name: known, memory: model, seed: Number(seed), decisions };
}

function decoded(token: string): ReplayRecord {
  try {
    return decodeToken(token);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    throw new CommandError(error.message, undefined, { cause: error });
  }
}
