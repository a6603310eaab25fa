import { decodeInstruction, textAt, verifySection } from '@rseqlab/sim-machine';
import type { InstalledProgram, Instruction, SectionDescriptor } from '@rseqlab/sim-machine';
import { RuntimeError } from '../../runtime-error.js';

/** A sound section of an installed program, instruction by instruction. */
export class SectionCode {
  readonly section: SectionDescriptor;
  readonly #code: Pick<InstalledProgram, 'program' | 'address'>;
  readonly #words: Int32Array;

  /** @throws RuntimeError `ERR_FALLBACK` when there is no such section, or it breaks a rule */
  constructor(code: Pick<InstalledProgram, 'program' | 'address'>, name: string) {
    const { program } = code;
    const section = program.sections.find((other) => other.name === name);
    if (section === undefined)
      throw new RuntimeError(
        'ERR_FALLBACK',
        `expected a section of program "${program.name}", got "${name}"`,
      );
    const [violation] = verifySection(program, section);
    if (violation !== undefined)
      throw new RuntimeError(
        'ERR_FALLBACK',
        `expected a section that keeps the rules, got ${violation.rule}: ${violation.message}`,
      );
    this.section = section;
    this.#code = code;
    this.#words = program.relocated(code.address);
  }

  /** Registers that callers may read after `ret`, as a bit mask. */
  get results(): number {
    return this.#code.program.results;
  }

  /** The instruction at a byte offset of the program; undefined where there is none. */
  at(offset: number): Instruction | undefined {
    const index = offset >> 2;
    const word = this.#words[index];
    return word === undefined ? undefined : decodeInstruction(word, this.#words[index + 1] ?? 0);
  }

  /** Whether a byte offset lies in the section. */
  contains(offset: number): boolean {
    return offset >= this.section.start && offset < this.section.postCommit;
  }

  /** What stands at an offset, as assembly. */
  text(offset: number): string {
    return textAt(this.#code.program, offset);
  }

  /** Byte offset of a label. */
  offsetOf(label: string): number {
    return this.#code.program.offsetOf(label);
  }
}
