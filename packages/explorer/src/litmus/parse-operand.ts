import { takeInteger } from './integer-literal.js';
import type { LitmusOperand, MemoryOperand } from './litmus-operand.js';
import type { TokenStream } from './token-stream.js';
import { x86RegisterNamed, type OperandWidth, type X86RegisterName } from './x86-register.js';

/** An operand as it stands in the text. */
export interface ParsedOperand {
  readonly operand: LitmusOperand;
  /** How much of a register is named; undefined for constants and memory. */
  readonly widthBytes?: OperandWidth;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

/** The parts of a memory operand; complete but for what has yet to be read. */
type MemoryParts = Omit<MemoryOperand, 'kind' | 'scale'> & { readonly scale?: 1 | 2 | 4 | 8 };

/**
 * Parses one operand in AT&T syntax: `%rax`, `$1`, `$x`, `x`, `(x)`, `[x]`, `x(%rip)`, `(%rax)`,
 * `8(%rax,%rbx,2)`.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, or `ERR_LITMUS_INSTRUCTION` for a register that does not
 *   exist.
 */
export function parseOperand(stream: TokenStream): ParsedOperand {
  const { start, kind } = stream.peek();
  if (kind === 'register') {
    const { register, widthBytes } = takeRegisterName(stream);
    return { operand: { kind, register }, widthBytes, start, end: stream.last().end };
  }
  const operand = stream.accept('$') ? parseImmediate(stream) : parseMemory(stream);
  return { operand, start, end: stream.last().end };
}

function parseImmediate(stream: TokenStream): LitmusOperand {
  if (stream.peek().kind === 'name') return { kind: 'immediate', value: stream.take().text };
  return { kind: 'immediate', value: takeInteger(stream, 'an integer or a location behind $') };
}

function parseMemory(stream: TokenStream): MemoryOperand {
  const isOffset = stream.peek().kind === 'integer' && (stream.isAt('(', 1) || stream.isAt('[', 1));
  const displacementBytes = isOffset ? takeInteger(stream, 'a displacement') : 0;
  if (stream.peek().kind === 'name') {
    const location = stream.take().text;
    return parseRelative(stream, { location, displacementBytes });
  }
  if (stream.isAt('(') || stream.isAt('[')) return parseBracket(stream, { displacementBytes });
  return stream.fail('an operand such as %rax, $1, (x) or (%rax)');
}

/** What follows a bare location: nothing, `(%rip)` or registers to add. */
function parseRelative(stream: TokenStream, parts: MemoryParts): MemoryOperand {
  if (!stream.isAt('(')) return memory(parts);
  const next = stream.peek(1);
  if (next.text.toLowerCase() !== '%rip') return parseBracket(stream, parts);
  stream.take();
  stream.take();
  stream.expect(')');
  return memory(parts);
}

function parseBracket(stream: TokenStream, parts: MemoryParts): MemoryOperand {
  const close = stream.take().text === '(' ? ')' : ']';
  const { kind, text } = stream.peek();
  const mayBeLocation = parts.location === undefined;
  if (kind === 'name' && mayBeLocation) {
    stream.take();
    stream.expect(close);
    return memory({ ...parts, location: text });
  }
  const expected = mayBeLocation ? 'a location or a register' : 'a register';
  if (kind !== 'register') return stream.fail(expected);
  const base = takeAddressRegister(stream);
  const indexed = stream.accept(',') ? parseIndex(stream) : {};
  stream.expect(close);
  return memory({ ...parts, base, ...indexed });
}

function parseIndex(stream: TokenStream): Pick<MemoryParts, 'index' | 'scale'> {
  if (stream.peek().kind !== 'register') stream.fail('an index register');
  const index = takeAddressRegister(stream);
  if (!stream.accept(',')) return { index };
  const token = stream.peek();
  const scale = takeInteger(stream, 'a scale of 1, 2, 4 or 8');
  if (scale !== 1 && scale !== 2 && scale !== 4 && scale !== 8)
    return stream.fail('a scale of 1, 2, 4 or 8', token);
  return { index, scale };
}

function memory(parts: MemoryParts): MemoryOperand {
  return { scale: 1, ...parts, kind: 'memory' };
}

function takeRegisterName(stream: TokenStream): X86RegisterName {
  const named = x86RegisterNamed(stream.peek().text.slice(1));
  if (!named) return stream.fail('a general register', undefined, 'ERR_LITMUS_INSTRUCTION');
  stream.take();
  return named;
}

function takeAddressRegister(stream: TokenStream): X86RegisterName['register'] {
  const token = stream.peek();
  const { register, widthBytes } = takeRegisterName(stream);
  if (widthBytes !== 8)
    stream.fail('a 64-bit register to hold an address', token, 'ERR_LITMUS_INSTRUCTION');
  return register;
}
