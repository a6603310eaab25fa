import type { SourcePosition } from '../litmus/source-text.js';
import type { Token } from '../litmus/token.js';
import type { TokenStream } from '../litmus/token-stream.js';
import type { CExpression } from './c-expression.js';
import type { CallStatement, CStatement } from './c-statement.js';
import type { LocationKind } from './lkmm-test.js';

/** Deeper nesting is refused, so that neither parsing nor translating can exhaust the stack. */
const DEEPEST = 100;

/** What the parsers of a function's parts share: its names, and calls to be made before a statement. */
export class FunctionScope {
  readonly stream: TokenStream;
  /** The number of the thread. */
  readonly thread: number;
  readonly parameters: ReadonlyMap<string, LocationKind>;
  /** The variables so far, in the order in which they turned up. */
  readonly variables: Set<string>;
  #calls: CStatement[] = [];
  #hoists = true;
  #temporaries = 0;
  #loops = 0;
  #nested = 0;

  constructor(stream: TokenStream, thread: number, parameters: ReadonlyMap<string, LocationKind>) {
    this.stream = stream;
    this.thread = thread;
    this.parameters = parameters;
    this.variables = new Set();
  }

  /** What a name stands for. @throws LitmusError `ERR_LITMUS_REFERENCE` when it is nobody's. */
  resolve(name: Token): CExpression {
    if (this.parameters.has(name.text)) return { kind: 'address', location: name.text };
    if (this.variables.has(name.text)) return { kind: 'variable', name: name.text };
    const expected = `a parameter or a variable of P${this.thread}`;
    return this.stream.fail(expected, name, 'ERR_LITMUS_REFERENCE');
  }

  /** Makes a variable known. @throws LitmusError `ERR_LITMUS_REFERENCE` for a parameter's name. */
  declare(name: Token): string {
    if (this.parameters.has(name.text))
      this.stream.fail('a variable, not a parameter', name, 'ERR_LITMUS_REFERENCE');
    this.variables.add(name.text);
    return name.text;
  }

  /** Notes a call to be made before the statement; its result is a variable. */
  hoist(call: Omit<CallStatement, 'into'>, name: Token): CExpression {
    if (!this.#hoists)
      this.stream.fail(
        `a call that is made in any case, not behind '&&', '||' or '?'`,
        name,
        'ERR_LITMUS_INSTRUCTION',
      );
    const into = `${call.call}#${this.#temporaries++}`;
    this.variables.add(into);
    this.#calls.push({ ...call, into });
    return { kind: 'variable', name: into };
  }

  /** Reads what may not be evaluated at all. */
  conditionally<Result>(read: () => Result): Result {
    const hoisted = this.#hoists;
    this.#hoists = false;
    const result = read();
    this.#hoists = hoisted;
    return result;
  }

  /**
   * Reads what is inside of something that may be inside of itself.
   *
   * @throws LitmusError `ERR_LITMUS_SYNTAX` when it nests too deep for the parsers' stack
   */
  nested<Result>(read: () => Result): Result {
    if (++this.#nested > DEEPEST)
      this.stream.fail(`calls and blocks nested at most ${DEEPEST} deep`);
    const result = read();
    this.#nested -= 1;
    return result;
  }

  /** Whether a loop is around what is read. */
  get isInLoop(): boolean {
    return this.#loops > 0;
  }

  /** Reads the body of a loop. */
  insideLoop<Result>(read: () => Result): Result {
    this.#loops += 1;
    const result = read();
    this.#loops -= 1;
    return result;
  }

  /** Takes the calls that were noted since the last time. */
  takeCalls(): readonly CStatement[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /**
   * The statements that set a variable to a value: the last call itself does, if the value is its
   * result and nothing else.
   */
  assignment(
    variable: string,
    value: CExpression,
    place: { readonly position: SourcePosition; readonly text: string },
  ): readonly CStatement[] {
    const calls = this.takeCalls();
    const last = calls.at(-1);
    if (value.kind === 'variable' && last?.kind === 'call' && last.into === value.name) {
      this.variables.delete(value.name);
      return [...calls.slice(0, -1), { ...last, into: variable }];
    }
    return [...calls, { kind: 'assign', variable, value, ...place }];
  }
}
