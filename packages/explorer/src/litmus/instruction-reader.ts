import type { LitmusOperand, MemoryOperand, RegisterOperand } from './litmus-operand.js';
import { parseOperand, type ParsedOperand } from './parse-operand.js';
import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';
import type { OperandWidth } from './x86-register.js';

/** The width that an instruction without suffix and without register has. */
const DEFAULT_WIDTH_BYTES: OperandWidth = 8;

const SUFFIX_OF_WIDTH: Readonly<Record<OperandWidth, string>> = { 1: 'b', 2: 'w', 4: 'l', 8: 'q' };

/** Reads the operands of one instruction and refuses those that it cannot have. */
export class InstructionReader {
  readonly #stream: TokenStream;
  readonly #mnemonic: Token;
  readonly #suffixBytes: OperandWidth | undefined;

  /**
   * @param mnemonic - the instruction's name, already read
   * @param suffixBytes - the width that its last letter states, if it states one
   */
  constructor(stream: TokenStream, mnemonic: Token, suffixBytes?: OperandWidth) {
    this.#stream = stream;
    this.#mnemonic = mnemonic;
    this.#suffixBytes = suffixBytes;
  }

  /** Reads one operand. */
  one(): ParsedOperand {
    return parseOperand(this.#stream);
  }

  /** Reads a source and a destination. */
  two(): readonly [source: ParsedOperand, destination: ParsedOperand] {
    const source = this.one();
    this.#stream.expect(',');
    return [source, this.one()];
  }

  /** Reads the label that a jump goes to. */
  label(): string {
    return this.#stream.expectKind('name', 'a label').text;
  }

  /**
   * The width of an instruction with these operands.
   *
   * @throws LitmusError `ERR_LITMUS_INSTRUCTION` when a register has another width than the suffix
   *   or than another register.
   */
  widthBytes(...operands: readonly ParsedOperand[]): OperandWidth {
    let width = this.#suffixBytes;
    for (const operand of operands) {
      width ??= operand.widthBytes;
      if (operand.widthBytes === undefined || operand.widthBytes === width) continue;
      const suffix = width === undefined ? '' : ` (${SUFFIX_OF_WIDTH[width]})`;
      this.#refuse(operand, `a ${(width ?? 0) * 8}-bit register${suffix}`);
    }
    return width ?? DEFAULT_WIDTH_BYTES;
  }

  /** The operand as a destination. @throws LitmusError `ERR_LITMUS_INSTRUCTION` for a constant. */
  writable(parsed: ParsedOperand): RegisterOperand | MemoryOperand {
    const { operand } = parsed;
    if (operand.kind === 'immediate') return this.#refuse(parsed, 'a register or memory');
    return operand;
  }

  /** The operand as a register. @throws LitmusError `ERR_LITMUS_INSTRUCTION` for anything else. */
  register(parsed: ParsedOperand): RegisterOperand {
    const { operand } = parsed;
    return operand.kind === 'register' ? operand : this.#refuse(parsed, 'a register');
  }

  /** The operand as memory. @throws LitmusError `ERR_LITMUS_INSTRUCTION` for anything else. */
  memory(parsed: ParsedOperand): MemoryOperand {
    const { operand } = parsed;
    return operand.kind === 'memory' ? operand : this.#refuse(parsed, 'a memory operand');
  }

  /**
   * The source of an instruction whose destination may be memory.
   *
   * @throws LitmusError `ERR_LITMUS_INSTRUCTION` when both are memory.
   */
  source(parsed: ParsedOperand, destination: LitmusOperand): LitmusOperand {
    if (parsed.operand.kind === 'memory' && destination.kind === 'memory')
      return this.#refuse(parsed, 'a constant or a register, since the destination is memory');
    return parsed.operand;
  }

  /**
   * Refuses an atomic access narrower than 32 bits: the machine has none.
   *
   * @throws LitmusError `ERR_LITMUS_INSTRUCTION`
   */
  requireAtomicWidth(widthBytes: OperandWidth): void {
    if (widthBytes < 4) this.refuseMnemonic('an atomic access of 32 or 64 bits');
  }

  /** Refuses the instruction itself. @throws LitmusError `ERR_LITMUS_INSTRUCTION` always. */
  refuseMnemonic(expected: string): never {
    return this.#stream.fail(expected, this.#mnemonic, 'ERR_LITMUS_INSTRUCTION');
  }

  #refuse({ start, end }: ParsedOperand, expected: string): never {
    const { source } = this.#stream;
    return source.fail('ERR_LITMUS_INSTRUCTION', start, expected, source.quote(start, end));
  }
}
