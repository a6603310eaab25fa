import type { LitmusLayout } from '../litmus/litmus-layout.js';
import type { CallStatement, CStatement, StatementPlace } from './c-statement.js';
import {
  emitAddress,
  emitBranchUnless,
  emitExpression,
  type ExpressionContext,
} from './emit-expression.js';
import {
  ARGUMENT_REGISTERS,
  type CodeExit,
  type CodeRegister,
  type FunctionBuilder,
} from './function-code.js';

/** What a function is translated with. */
export interface FunctionEmitterParts {
  readonly builder: FunctionBuilder;
  readonly layout: LitmusLayout;
  /** What the locations take up, from the first one on. */
  readonly locationBytes: number;
  /** Registers of variables that addresses are computed from. */
  readonly pointers: ReadonlySet<CodeRegister>;
  /** The variables that matter behind a call. */
  liveBehind(call: CallStatement): readonly CodeRegister[];
  /** Refuses the function. @throws LitmusError */
  refuse(got: string): never;
}

interface LoopLabels {
  readonly break: string;
  readonly continue: string;
}

const [firstArgument, secondArgument] = ARGUMENT_REGISTERS as readonly [CodeRegister, CodeRegister];

/** Writes the statements of a function, and the places where it leaves its code. */
export class FunctionEmitter {
  readonly #parts: FunctionEmitterParts;
  readonly #exits: CodeExit[] = [];
  readonly #context: ExpressionContext;
  #outOfLine: (() => void)[] = [];
  #place: StatementPlace = { position: { line: 1, column: 1 }, text: '' };

  constructor(parts: FunctionEmitterParts) {
    this.#parts = parts;
    const start = Math.min(...parts.layout.values());
    this.#context = {
      builder: parts.builder,
      addressOf: (location) => parts.layout.get(location)!,
      locations: { start, sizeBytes: parts.locationBytes },
      wrongPointer: (address) => this.#wrongPointer(address),
      tooDeep: () => parts.refuse('one that needs more registers than there are'),
    };
  }

  /**
   * Writes a function up to its end.
   *
   * @param end - its place, and the registers that are looked at then
   * @returns the ways out of the code, by the number in r0
   */
  emit(
    body: readonly CStatement[],
    end: StatementPlace & { readonly observed: readonly CodeRegister[] },
  ): readonly CodeExit[] {
    this.#all(body, undefined);
    const { position, text, observed } = end;
    this.#leave({ action: 'end', position, text, kept: observed, passed: [] }, 0);
    for (const write of this.#outOfLine) write();
    return this.#exits;
  }

  #all(statements: readonly CStatement[], loop: LoopLabels | undefined): void {
    for (const statement of statements) this.#one(statement, loop);
  }

  #one(statement: CStatement, loop: LoopLabels | undefined): void {
    const { builder } = this.#parts;
    const { code } = builder;
    const context = this.#context;
    if ('text' in statement) {
      this.#place = statement;
      builder.note(statement);
    }
    switch (statement.kind) {
      case 'assign': {
        const value = emitExpression(context, statement.value);
        const into = builder.registers.get(statement.variable)!;
        if (into !== value) code.mov(into, value);
        return;
      }
      case 'store': {
        const base = emitAddress(context, statement.address);
        const value = emitExpression(context, statement.value, 1);
        if (statement.order === 'release') code.stl32(value, base);
        else code.st32(value, base);
        return;
      }
      case 'evaluate': {
        emitExpression(context, statement.value);
        return;
      }
      case 'fence': {
        if (statement.fence === 'full') code.fence();
        else if (statement.fence === 'read') code.fencer();
        else code.fencew();
        return;
      }
      case 'call': {
        this.#call(statement);
        return;
      }
      case 'if': {
        const [otherwise, end] = [builder.newLabel(), builder.newLabel()];
        emitBranchUnless(context, statement.condition, otherwise);
        this.#all(statement.then, loop);
        code.jmp(end).label(otherwise);
        this.#all(statement.otherwise, loop);
        code.label(end);
        return;
      }
      case 'loop': {
        const [start, step, end] = [builder.newLabel(), builder.newLabel(), builder.newLabel()];
        const labels = { break: end, continue: step };
        code.label(start);
        this.#all(statement.body, labels);
        code.label(step);
        this.#all(statement.step, labels);
        code.jmp(start).label(end);
        return;
      }
      case 'break':
      case 'continue':
        code.jmp(loop![statement.kind]);
    }
  }

  /** Leaves the code for a call, and goes on behind it with what the thread passes back. */
  #call(statement: CallStatement): void {
    const { builder, liveBehind, refuse } = this.#parts;
    const { code } = builder;
    const given = statement.arguments.map((argument, index) =>
      emitExpression(this.#context, argument, index + 1),
    );
    given.forEach((register, index) => {
      const argument = index === 0 ? firstArgument : secondArgument;
      if (register !== argument) code.mov(argument, register);
    });
    const live = liveBehind(statement);
    const into = statement.into === undefined ? undefined : builder.registers.get(statement.into);
    const passed = assignArguments(live) ?? refuse('more than 6 variables that outlive a call');
    const resume = builder.newLabel();
    const taken = into !== undefined && live.includes(into) ? { into } : {};
    const kept = live.filter((register) => register !== into);
    const { call: action, position, text } = statement;
    this.#leave(
      { action, call: statement, position, text, kept, ...taken, resume, passed },
      given.length,
    );
    code.label(resume);
    passed.forEach((variable, index) => {
      const argument = ARGUMENT_REGISTERS[index]!;
      if (variable !== undefined && variable !== argument) code.mov(variable, argument);
    });
    // What a pointer depends on is lost on the way through the thread: a fence keeps its loads first.
    if (kept.some((register) => this.#parts.pointers.has(register))) code.fencer();
  }

  #wrongPointer(address: CodeRegister): string {
    const { builder } = this.#parts;
    const label = builder.newLabel();
    const { position, text } = this.#place;
    this.#outOfLine.push(() => {
      builder.code.label(label);
      if (address !== firstArgument) builder.code.mov(firstArgument, address);
      this.#leave({ action: 'wrong-pointer', position, text, kept: [], passed: [] }, 1);
    });
    return label;
  }

  /** Returns to the thread; registers that do not matter hold nothing, so that states can be equal. */
  #leave(exit: CodeExit, argumentCount: number): void {
    const { builder } = this.#parts;
    const { code } = builder;
    if (argumentCount < 1) code.li(firstArgument, 0);
    if (argumentCount < 2) code.li(secondArgument, 0);
    for (const register of builder.registers.values())
      if (!exit.kept.includes(register)) code.li(register, 0);
    code.li(RESULT, this.#exits.length).ret();
    this.#exits.push(exit);
  }
}

const RESULT = 0 as CodeRegister;

/**
 * Which argument carries which variable; the sixth one is in r6, where only the variable of r6 can
 * stay: moving the others one by one must not overwrite any.
 */
function assignArguments(
  live: readonly CodeRegister[],
): readonly (CodeRegister | undefined)[] | undefined {
  const last = ARGUMENT_REGISTERS.at(-1)!;
  const others = live.filter((register) => register !== last);
  if (others.length >= ARGUMENT_REGISTERS.length) return undefined;
  const passed: (CodeRegister | undefined)[] = [...others];
  if (live.includes(last)) passed[ARGUMENT_REGISTERS.length - 1] = last;
  return Array.from({ length: ARGUMENT_REGISTERS.length }, (_, index) => passed[index]);
}
