import { Verdict } from './verdict.js';

/**
 * A verdict as tables state it: over final states; or that the test deadlocks, or breaks a rule by
 * the name of herd's flag, which only C tests can.
 */
export type StatedVerdict = Verdict | 'DEADLOCK' | `Flag ${string}`;

/** The verdict that a text is, or undefined. */
export function statedVerdict(text: string): StatedVerdict | undefined {
  if (/^Flag \S+$/.test(text)) return text as StatedVerdict;
  return ([...Object.values(Verdict), 'DEADLOCK'] as const).find((known) => known === text);
}
