import { InstructionEmitter } from './instruction-emitter.js';
import type { Mnemonic } from './opcodes.js';
import type { Operands } from './operands.js';
import { ProgramAssembly } from './program-assembly.js';
import type { Program } from './program.js';
import type { Register } from './register.js';
import type { DescriptorLabels } from './section-descriptor.js';

/** A critical section as it is written. */
export interface SectionOptions<Builder> {
  /** The word in front of the abort handler, the one the thread registered. */
  readonly signature: number;
  /** Writes the section's instructions; the last one is the committing store. */
  readonly body: (builder: Builder) => unknown;
  /** Writes the abort handler, or is the label where to go on after an abort. */
  readonly abort: string | ((builder: Builder) => unknown);
}

/**
 * Writes a program, one instruction a call.
 *
 * Operands that do not fit, bad labels and labels that do not exist throw MachineError
 * `ERR_ASSEMBLY`.
 *
 * @example
 * ```ts
 * const { r1, r2, r3, r4, r5 } = Registers; // r1: struct rseq, r2: counters, r3: what to add
 * const add = new ProgramBuilder('per-CPU add')
 *   .label('add')
 *   .li32(r5, 'cs')
 *   .st32(r5, r1, 8) // rseq->rseq_cs = &cs
 *   .section('cs', {
 *     signature: 0x53053053,
 *     body: (b) =>
 *       b.ld32(r4, r1, 4).shli(r4, r4, 6).add(r4, r4, r2).ld32(r5, r4).add(r5, r5, r3).st32(r5, r4),
 *     abort: 'add',
 *   })
 *   .ret()
 *   .build();
 * ```
 */
export class ProgramBuilder extends InstructionEmitter {
  readonly #name: string;
  readonly #assembly: ProgramAssembly;
  #outOfLine: (() => void)[] = [];

  /** @param name what messages and reports call the program */
  constructor(name: string) {
    super();
    this.#name = name;
    this.#assembly = new ProgramAssembly(name);
  }

  /** Byte offset of what comes next. */
  get offset(): number {
    return this.#assembly.offset;
  }

  /** Names the place of what comes next. */
  label(name: string): this {
    this.#assembly.label(name, this.#here());
    return this;
  }

  /** Remarks on what comes next; reports show it beside the instruction. */
  note(text: string): this {
    this.#assembly.source({ note: text.replace(/\s+/g, ' ').trim() });
    return this;
  }

  /**
   * Says which registers, besides r0, callers may read after `ret`: those that `Thread.register` is
   * asked for. Searches take states that differ in any other register for the same.
   */
  returns(...registers: readonly Register[]): this {
    for (const register of registers) this.#assembly.returns(1 << register);
    return this;
  }

  /** Appends an instruction by name; the methods named after instructions are made of this. */
  override instruction(mnemonic: Mnemonic, operands: Operands): this {
    this.#assembly.instruction(mnemonic, operands, this.#here());
    return this;
  }

  /** Appends a word of data: a number, or the address of a label. */
  word(value: number | string): this {
    this.#assembly.word(value, this.#here());
    return this;
  }

  /** Appends zero words, which are no instructions, up to a multiple of 4, 8, 16 or 32 bytes. */
  align(bytes: number): this {
    this.#assembly.align(bytes, this.#here());
    return this;
  }

  /** Appends the descriptor of a section, aligned; `name` becomes its label. */
  descriptor(name: string, labels: DescriptorLabels): this {
    this.#assembly.descriptor(name, labels, this.#here());
    return this;
  }

  /**
   * Writes a critical section: its body here; signature, abort handler and descriptor at the end of
   * the program.
   *
   * Defines the labels `<name>` (the descriptor), `<name>.start`, `<name>.postCommit` and
   * `<name>.abort`. Nothing in it tells the kernel of the section: store the address of `<name>`
   * where it looks. Whether the section is sound, {@link verifySections} tells.
   */
  section(name: string, options: SectionOptions<this>): this {
    const { signature, body, abort } = options;
    const labels = {
      start: `${name}.start`,
      postCommit: `${name}.postCommit`,
      abort: `${name}.abort`,
      signature,
    };
    this.label(labels.start);
    body(this);
    this.label(labels.postCommit);
    this.#outOfLine.push(() => {
      this.word(signature).label(labels.abort);
      if (typeof abort === 'string') this.jmp(abort);
      else abort(this);
      this.descriptor(name, labels);
    });
    return this;
  }

  /** Makes the program of everything written so far. */
  build(): Program {
    while (this.#outOfLine.length > 0) {
      const pieces = this.#outOfLine;
      this.#outOfLine = [];
      for (const write of pieces) write();
    }
    return this.#assembly.finish();
  }

  #here(): string {
    return `program "${this.#name}" at ${this.offset}`;
  }
}
