import { MachineError } from '../base/machine-error.js';
import { definitionOf } from './instruction-set.js';
import { encodeInstruction } from './instruction-word.js';
import type { Mnemonic } from './opcodes.js';
import { operandProblem, operandsProblem, type Operands } from './operands.js';
import { Program, WordKind, type SourceNote } from './program.js';
import { Registers } from './register.js';
import {
  DESCRIPTOR_BYTES,
  DescriptorField,
  type DescriptorLabels,
  type SectionDescriptor,
} from './section-descriptor.js';

/** A word that waits for the place of a label. */
interface Reference {
  readonly word: number;
  readonly label: string;
  readonly where: string;
}

interface PendingDescriptor extends DescriptorLabels {
  readonly name: string;
  readonly offset: number;
  readonly where: string;
}

/**
 * The words of a program in the making, with labels that may be used before they are defined.
 *
 * Every method takes `where`, which is what messages call the place; all throw MachineError
 * `ERR_ASSEMBLY`. {@link ProgramBuilder} and {@link assemble} write through it.
 */
export class ProgramAssembly {
  readonly #name: string;
  readonly #words: number[] = [];
  readonly #kinds: WordKind[] = [];
  readonly #labels = new Map<string, number>();
  readonly #branches: Reference[] = [];
  readonly #relocations: Reference[] = [];
  readonly #descriptors: PendingDescriptor[] = [];
  readonly #sources = new Map<number, SourceNote>();
  #results = 1;

  constructor(name: string) {
    this.#name = name;
  }

  /** Byte offset of what comes next. */
  get offset(): number {
    return this.#words.length * 4;
  }

  /** Names the place of what comes next. */
  label(name: string, where: string): void {
    if (!/^[A-Za-z_$][\w$.]*$/.test(name) || Object.hasOwn(Registers, name))
      throw assemblyError(
        where,
        `expected a label (letters, digits, "_", "$", "."), got "${name}"`,
      );
    if (this.#labels.has(name))
      throw assemblyError(where, `expected a new label, got "${name}" again`);
    this.#labels.set(name, this.offset);
  }

  /** Adds registers, as a bit mask, to those that callers may read. */
  returns(registers: number): void {
    this.#results |= registers;
  }

  /** Says where the next word comes from. */
  source(source: SourceNote): void {
    this.#sources.set(this.#words.length, source);
  }

  /** Appends an instruction, with its literal if it has one. */
  instruction(mnemonic: Mnemonic, operands: Operands, where: string): void {
    const definition = definitionOf(mnemonic);
    const problem = operandsProblem(definition, operands);
    if (problem !== undefined) throw assemblyError(where, `${mnemonic}: ${problem}`);
    const { a = 0, b = 0, c = 0, immediate = 0, label } = operands;
    const isBranch = definition.effect.kind === 'branch';
    if (isBranch && label !== undefined)
      this.#branches.push({ word: this.#words.length, label, where });
    const field = isBranch ? immediate / 4 : immediate;
    const word = encodeInstruction({ definition, a, b, c, immediate: field });
    this.#append(word, WordKind.Instruction);
    if (definition.format === 'aLiteral') this.#value(label ?? immediate, WordKind.Literal, where);
  }

  /** Appends a word of data: a number, or the address of a label. */
  word(value: number | string, where: string): void {
    const problem = typeof value === 'string' ? undefined : operandProblem('literal', value);
    if (problem !== undefined) throw assemblyError(where, problem);
    this.#value(value, WordKind.Data, where);
  }

  /** Appends zero words, which are no instructions, up to a multiple of 4, 8, 16 or 32 bytes. */
  align(bytes: number, where: string): void {
    if (![4, 8, 16, 32].includes(bytes))
      throw assemblyError(where, `expected an alignment of 4, 8, 16 or 32, got ${bytes}`);
    while (this.offset % bytes !== 0) this.#append(0, WordKind.Data);
  }

  /** Appends a section's descriptor, aligned; `name` becomes its label. */
  descriptor(name: string, labels: DescriptorLabels, where: string): void {
    this.align(DESCRIPTOR_BYTES, where);
    this.label(name, where);
    const offset = this.offset;
    this.#descriptors.push({ name, offset, where, ...labels });
    for (let field = 0; field < DESCRIPTOR_BYTES; field += 4) {
      const value =
        field === DescriptorField.StartIp
          ? labels.start
          : field === DescriptorField.AbortIp
            ? labels.abort
            : 0;
      this.#value(value, WordKind.Data, where);
    }
  }

  /** The program of everything so far. */
  finish(): Program {
    const words = Int32Array.from(this.#words);
    for (const { word, label, where } of this.#branches)
      words[word] = words[word]! | (this.#wordsTo(label, word * 4, where) << 14);
    for (const { word, label, where } of this.#relocations) words[word] = this.#find(label, where);
    const sections = this.#descriptors.map((pending) => this.#section(pending));
    for (const { descriptor, start, postCommit } of sections)
      words[(descriptor + DescriptorField.PostCommitOffset) >> 2] = postCommit - start;
    return new Program({
      name: this.#name,
      words,
      kinds: Uint8Array.from(this.#kinds),
      labels: new Map(this.#labels),
      sections,
      relocations: this.#relocations.map(({ word, label }) => ({ word, label })),
      sources: new Map(this.#sources),
      results: this.#results,
    });
  }

  #append(word: number, kind: WordKind): void {
    this.#words.push(word | 0);
    this.#kinds.push(kind);
  }

  #value(value: number | string, kind: WordKind, where: string): void {
    const isLabel = typeof value === 'string';
    if (isLabel) this.#relocations.push({ word: this.#words.length, label: value, where });
    this.#append(isLabel ? 0 : value, kind);
  }

  #find(label: string, where: string): number {
    const offset = this.#labels.get(label);
    if (offset !== undefined) return offset;
    throw assemblyError(where, `expected a label of the program, got "${label}"`);
  }

  #wordsTo(label: string, from: number, where: string): number {
    const bytes = this.#find(label, where) - from;
    const problem = operandProblem('target', bytes);
    if (problem !== undefined) throw assemblyError(where, `label "${label}": ${problem}`);
    return bytes >> 2;
  }

  #section({ name, offset, where, ...labels }: PendingDescriptor): SectionDescriptor {
    return {
      name,
      descriptor: offset,
      start: this.#find(labels.start, where),
      postCommit: this.#find(labels.postCommit, where),
      abort: this.#find(labels.abort, where),
      signature: labels.signature | 0,
    };
  }
}

/** What is wrong with a program, and where. */
export function assemblyError(where: string, problem: string): MachineError {
  return new MachineError('ERR_ASSEMBLY', `${where}: ${problem}`);
}
