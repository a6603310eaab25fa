import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import { TagMask } from '../isa/tag-mask.js';
import { RegisterFile } from './register-file.js';
import type { UserMode } from './user-mode.js';

/** Instructions of the routine that loads a word: the load, and `ret`. */
const LOAD_INSTRUCTIONS = 2;

/** Loads of words for threads, where they can be done in the middle of the program; nothing is executed where not. */
export interface Glance {
  /**
   * Loads a word for the thread at `base`.
   *
   * @returns the word as int32; undefined when others may come first or want to know
   */
  readonly load: (base: number, address: number) => number | undefined;
  /** Whether a word was loaded for the thread at `base` and is 0; nothing is executed where it is another. */
  readonly isZero: (base: number, address: number) => boolean;
}

/**
 * Makes the one load that a program can do by itself, without an operation.
 *
 * It takes as many instructions as the routine that loads, and finds what that would find: a translation tag that
 * fits says that nobody watches accesses, and that no store buffer is in between.
 */
export function createGlance(
  { registers, translations, memory }: ExecutionEnvironment,
  userMode: UserMode,
): Glance {
  const { words } = memory;
  return {
    load(base, address) {
      const entry = registers[base | RegisterFile.Translations]! + ((address >>> 10) & 252);
      if ((address & TagMask.Word) !== translations[entry]) return undefined;
      const left = userMode.left - LOAD_INSTRUCTIONS;
      if (left < 0) return undefined;
      userMode.left = left;
      return words[((address + translations[entry + 2]!) | 0) >> 2];
    },
    // What may be undefined is no plain number to V8: this takes half the time.
    isZero(base, address) {
      const entry = registers[base | RegisterFile.Translations]! + ((address >>> 10) & 252);
      if ((address & TagMask.Word) !== translations[entry]) return false;
      const left = userMode.left - LOAD_INSTRUCTIONS;
      if (left < 0 || words[((address + translations[entry + 2]!) | 0) >> 2] !== 0) return false;
      userMode.left = left;
      return true;
    },
  };
}

/** Of a machine that has to know what a program received: each load is an operation. */
export const NO_GLANCE: Glance = { load: () => undefined, isZero: () => false };
