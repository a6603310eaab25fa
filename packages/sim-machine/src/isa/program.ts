import { MachineError } from '../base/machine-error.js';
import type { SectionDescriptor } from './section-descriptor.js';

/** What a word of a program is. */
export const WordKind = {
  Instruction: 0,
  /** The literal of the instruction in front. */
  Literal: 1,
  Data: 2,
} as const;

/** One of the {@link WordKind} values. */
export type WordKind = (typeof WordKind)[keyof typeof WordKind];

/** A word that depends on where the program is installed: the address of a label. */
export interface Relocation {
  /** Index of the word, which holds the label's byte offset. */
  readonly word: number;
  readonly label: string;
}

/** Where a word comes from, for reports. */
export interface SourceNote {
  /** Line in the assembly text, from 1. */
  readonly line?: number;
  /** What the programmer had to say about it. */
  readonly note?: string;
}

/** The parts of a program, as an assembler hands them over. */
export interface ProgramParts {
  readonly name: string;
  readonly words: Int32Array;
  readonly kinds: Uint8Array;
  readonly labels: ReadonlyMap<string, number>;
  readonly sections: readonly SectionDescriptor[];
  readonly relocations: readonly Relocation[];
  readonly sources: ReadonlyMap<number, SourceNote>;
  /** Registers that callers may read after `ret`, as a bit mask; default r0. */
  readonly results?: number;
}

const R0 = 1;

/** Installed programs start at multiples of this, so that their descriptors are aligned. */
const PROGRAM_ALIGNMENT_BYTES = 32;

/**
 * Assembled machine code, not yet at an address.
 *
 * Made by {@link ProgramBuilder} or {@link assemble}. Immutable; one program may be installed in
 * many machines.
 */
export class Program {
  readonly name: string;
  /** The program as if it were installed at 0. */
  readonly words: Int32Array;
  /** A {@link WordKind} for every word. */
  readonly kinds: Uint8Array;
  /** Byte offset of every label. */
  readonly labels: ReadonlyMap<string, number>;
  readonly sections: readonly SectionDescriptor[];
  readonly relocations: readonly Relocation[];
  /** By index of the word; words without a note are absent. */
  readonly sources: ReadonlyMap<number, SourceNote>;
  /** Registers that callers may read after `ret`, as a bit mask; all others are dead then. */
  readonly results: number;

  constructor(parts: ProgramParts) {
    this.name = parts.name;
    this.words = parts.words;
    this.kinds = parts.kinds;
    this.labels = parts.labels;
    this.sections = parts.sections;
    this.relocations = parts.relocations;
    this.sources = parts.sources;
    this.results = parts.results ?? R0;
  }

  /** Size of the whole program, descriptors included. */
  get sizeBytes(): number {
    return this.words.length * 4;
  }

  /**
   * The byte offset of a label.
   *
   * @throws MachineError `ERR_ASSEMBLY` when the program has no such label
   */
  offsetOf(label: string): number {
    const offset = this.labels.get(label);
    if (offset === undefined)
      throw new MachineError(
        'ERR_ASSEMBLY',
        `expected a label of program "${this.name}" (${[...this.labels.keys()].join(', ')}), got "${label}"`,
      );
    return offset;
  }

  /**
   * The words as they are at an address.
   *
   * @throws MachineError `ERR_ADDRESS` when the address is not a multiple of 32
   */
  relocated(address: number): Int32Array {
    if (address % PROGRAM_ALIGNMENT_BYTES !== 0)
      throw new MachineError(
        'ERR_ADDRESS',
        `expected program "${this.name}" at a multiple of ${PROGRAM_ALIGNMENT_BYTES}, got ${address}`,
      );
    const words = this.words.slice();
    for (const { word } of this.relocations) words[word] = words[word]! + address;
    return words;
  }

  /**
   * Writes the program, relocated, to where it will run.
   *
   * @param target a view whose first word lies at `address`, or a writer of one word
   * @param address a multiple of 32
   * @throws MachineError `ERR_ADDRESS` when the address is not, `ERR_CAPACITY` when the view is short
   */
  install(target: Int32Array | ((address: number, word: number) => void), address: number): void {
    const words = this.relocated(address);
    if (typeof target === 'function') {
      for (const [index, word] of words.entries()) target(address + index * 4, word);
      return;
    }
    if (target.length < words.length)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected room for ${words.length} words of program "${this.name}", got ${target.length}`,
      );
    target.set(words);
  }
}
