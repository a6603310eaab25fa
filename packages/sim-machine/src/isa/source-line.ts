import { assemblyError } from './program-assembly.js';
import { Registers, type Register, type RegisterName } from './register.js';

/** One line of assembly text, read from left to right; every error names line and column. */
export class SourceLine {
  readonly #file: string;
  readonly #line: number;
  readonly #text: string;
  #position = 0;
  #start = 0;

  /**
   * @param file what messages call the text
   * @param line from 1
   */
  constructor(file: string, line: number, text: string) {
    this.#file = file;
    this.#line = line;
    this.#text = text;
  }

  /** Where the last piece started, as `file:line:column`. */
  get where(): string {
    return `${this.#file}:${this.#line}:${this.#start + 1}`;
  }

  /** Whether nothing but a comment is left. */
  atEnd(): boolean {
    return this.#peek(/;|#|\/\/|$/y) !== undefined;
  }

  /** What the comment at the end says; undefined without one. */
  comment(): string | undefined {
    const comment = this.#take(/(?:;|#|\/\/).*$/y)
      ?.replace(/^(?:;|#|\/\/)/, '')
      .trim();
    return comment === '' ? undefined : comment;
  }

  /** Takes a piece of punctuation if it is next. */
  skip(punctuation: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(punctuation, this.#position)) return false;
    this.#start = this.#position;
    this.#position += punctuation.length;
    return true;
  }

  /** Takes a piece of punctuation. */
  expect(punctuation: string): void {
    if (!this.skip(punctuation)) throw this.unexpected(`"${punctuation}"`);
  }

  /** Takes a name: of a label, an instruction, or with a dot in front of a directive. */
  name(expected: string): string {
    return this.#take(/\.?[A-Za-z_$][\w$.]*/y) ?? this.#fail(expected);
  }

  /** Takes a name if one is next. */
  optionalName(): string | undefined {
    return this.#take(/[A-Za-z_$][\w$.]*/y);
  }

  /** Takes the name of a label, with its colon, if that is next. */
  optionalLabel(): string | undefined {
    return this.#take(/[A-Za-z_$][\w$.]*(?=\s*:)/y);
  }

  /** Takes a register. */
  register(): Register {
    const name = this.#take(/[A-Za-z_$][\w$.]*/y);
    if (name !== undefined && Object.hasOwn(Registers, name))
      return Registers[name as RegisterName];
    return this.#failAtStart('a register (r0 to r15, sp)', name);
  }

  /** Takes a number: decimal, hexadecimal or binary, with a sign if it likes. */
  number(expected: string): number {
    const text = this.#take(/[+-]?\s*(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)(?![\w$.])/y);
    if (text === undefined) return this.#fail(expected);
    const digits = text.replace(/^[+-]\s*/, '');
    return text.startsWith('-') ? -Number(digits) : Number(digits);
  }

  /** The error of finding something else than was expected here. */
  unexpected(expected: string): Error {
    this.#skipSpace();
    this.#start = this.#position;
    const found = this.atEnd() ? 'the end of the line' : `"${this.#peek(/[\w$.]+|./y)!}"`;
    return assemblyError(this.where, `expected ${expected}, got ${found}`);
  }

  #fail(expected: string): never {
    throw this.unexpected(expected);
  }

  #failAtStart(expected: string, found: string | undefined): never {
    if (found !== undefined) this.#position = this.#start;
    throw this.unexpected(expected);
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position++;
  }

  #peek(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text)?.[0];
  }

  #take(pattern: RegExp): string | undefined {
    const text = this.#peek(pattern);
    if (text === undefined) return undefined;
    this.#start = this.#position;
    this.#position += text.length;
    return text;
  }
}
