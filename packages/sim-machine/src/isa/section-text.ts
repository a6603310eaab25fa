import { decodeInstruction, type Instruction } from './instruction-word.js';
import { WordKind, type Program } from './program.js';
import type { SectionDescriptor } from './section-descriptor.js';

/** An instruction, or what stands in the place of one, at its byte offset. */
export interface Placed {
  readonly offset: number;
  /** Undefined where the word is not an instruction. */
  readonly instruction: Instruction | undefined;
}

/** A program seen from one of its sections: what is inside and what is outside. */
export class SectionText {
  readonly program: Program;
  readonly section: SectionDescriptor;

  constructor(program: Program, section: SectionDescriptor) {
    this.program = program;
    this.section = section;
  }

  /** Whether an instruction starts at a byte offset. */
  isInstruction(offset: number): boolean {
    return offset % 4 === 0 && this.program.kinds[offset / 4] === WordKind.Instruction;
  }

  /** Whether a byte offset lies in the section. */
  contains(offset: number): boolean {
    return offset >= this.section.start && offset < this.section.postCommit;
  }

  /** What is in the section, in order. */
  inside(): Placed[] {
    return this.#placed().filter(({ offset }) => this.contains(offset));
  }

  /** The instructions of the rest of the program, in order. */
  outside(): Placed[] {
    return this.#placed().filter(
      ({ offset }) => !this.contains(offset) && this.isInstruction(offset),
    );
  }

  #placed(): Placed[] {
    const { words, kinds } = this.program;
    const placed: Placed[] = [];
    for (const [index, kind] of kinds.entries()) {
      if (kind === WordKind.Literal) continue;
      const instruction =
        kind === WordKind.Instruction
          ? decodeInstruction(words[index]!, words[index + 1] ?? 0)
          : undefined;
      placed.push({ offset: index * 4, instruction });
    }
    return placed;
  }
}
