import type { InstalledProgram } from '@rseqlab/sim-machine';
import { Errno } from '@rseqlab/sim-machine';
import type { RseqProfile } from '@rseqlab/rseq-runtime';
import type { CaseMemory } from './case-memory.js';

/** What the operations of a case work on, in one program. */
export interface CaseContext {
  readonly memory: CaseMemory;
  readonly section: InstalledProgram;
  /** The kernel that the program runs on. */
  readonly profile: RseqProfile;
  /** What the case has printed. */
  readonly values: string[];
  /** What the section left in rseq_cs. */
  left: number;
  /** What the last signal handler found: the interrupted ip and rseq_cs. */
  frame: { readonly ip: number; readonly rseqCs: number } | undefined;
}

const ERRNO_NAMES = new Map<number, string>(
  Object.entries(Errno).map(([name, number]) => [number, name]),
);

/** A result as native/output.c prints it: a number, or the name of an errno. */
export function resultText(result: number): string {
  return result >= 0 ? String(result) : (ERRNO_NAMES.get(-result) ?? `errno${-result}`);
}
