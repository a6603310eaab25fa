import type {
  BinaryOperator,
  CExpression,
  UpdateExpression,
  UpdateOperation,
} from './c-expression.js';
import { SCRATCH_REGISTERS, type CodeRegister, type FunctionBuilder } from './function-code.js';

/** What expressions are translated with. */
export interface ExpressionContext {
  readonly builder: FunctionBuilder;
  /** The address of a location. */
  addressOf(location: string): number;
  /** Where the locations of the test lie. */
  readonly locations: { readonly start: number; readonly sizeBytes: number };
  /** The label of code that refuses the pointer in a register: the program has gone astray. */
  wrongPointer(address: CodeRegister): string;
  /** Refuses an expression that needs more than the machine has. @throws LitmusError */
  tooDeep(): never;
}

/**
 * Translates an expression.
 *
 * @param at - the first scratch register that is free
 * @returns the register with the value: that scratch register, or the one of a variable
 */
export function emitExpression(
  context: ExpressionContext,
  expression: CExpression,
  at = 0,
): CodeRegister {
  const { builder } = context;
  const { code } = builder;
  if (expression.kind === 'variable') return builder.registers.get(expression.name)!;
  const into = scratch(context, at);
  switch (expression.kind) {
    case 'constant':
      builder.set(into, expression.value);
      return into;
    case 'address':
      builder.set(into, context.addressOf(expression.location));
      return into;
    case 'load': {
      const base = emitAddress(context, expression.address, at);
      if (expression.order === 'acquire') code.lda32(into, base);
      else code.ld32(into, base);
      return into;
    }
    case 'update':
      return emitUpdate(context, expression, at);
    case 'compare-exchange': {
      const base = emitAddress(context, expression.address, at);
      const expected = emitExpression(context, expression.expected, at + 1);
      const desired = emitExpression(context, expression.desired, at + 2);
      const old = scratch(context, at + 3);
      code.mov(old, expected).cas32(old, base, desired).mov(into, old);
      return into;
    }
    case 'add-unless':
      return emitAddUnless(context, expression, at);
    case 'unary': {
      const operand = emitExpression(context, expression.operand, at);
      if (expression.operator === '!') code.sltiu(into, operand, 1);
      else if (expression.operator === '~') code.xori(into, operand, -1);
      else code.xori(into, operand, -1).addi(into, into, 1);
      return into;
    }
    case 'binary': {
      const left = emitExpression(context, expression.left, at);
      const right = emitExpression(context, expression.right, at + 1);
      BINARY[expression.operator](context, into, left, right);
      return into;
    }
    case 'logical':
      return emitLogical(context, expression, at);
    case 'choice': {
      const [otherwise, end] = [builder.newLabel(), builder.newLabel()];
      emitBranchUnless(context, expression.condition, otherwise, at);
      code
        .mov(into, emitExpression(context, expression.then, at))
        .jmp(end)
        .label(otherwise);
      code.mov(into, emitExpression(context, expression.otherwise, at)).label(end);
      return into;
    }
  }
}

/** Goes to a label if an expression is 0. */
export function emitBranchUnless(
  context: ExpressionContext,
  condition: CExpression,
  label: string,
  at = 0,
): void {
  const { code } = context.builder;
  const value = emitExpression(context, condition, at);
  const zero = scratch(context, at + 1);
  code.li(zero, 0).beq(value, zero, label);
}

/** Translates the address of an access; one that is computed is checked before it is used. */
export function emitAddress(
  context: ExpressionContext,
  address: CExpression,
  at = 0,
): CodeRegister {
  const register = emitExpression(context, address, at);
  if (address.kind === 'address') return register;
  const { code } = context.builder;
  const [offset, size] = [scratch(context, at + 1), scratch(context, at + 2)];
  const { start, sizeBytes } = context.locations;
  code.li32(size, start).sub(offset, register, size).li32(size, sizeBytes);
  code.bgeu(offset, size, context.wrongPointer(register));
  return register;
}

function scratch(context: ExpressionContext, at: number): CodeRegister {
  return SCRATCH_REGISTERS[at] ?? context.tooDeep();
}

type BinaryEmitter = (
  context: ExpressionContext,
  into: CodeRegister,
  left: CodeRegister,
  right: CodeRegister,
) => void;

const BINARY: Readonly<Record<BinaryOperator, BinaryEmitter>> = {
  '+': ({ builder }, into, left, right) => builder.code.add(into, left, right),
  '-': ({ builder }, into, left, right) => builder.code.sub(into, left, right),
  '*': ({ builder }, into, left, right) => builder.code.mul(into, left, right),
  '&': ({ builder }, into, left, right) => builder.code.and(into, left, right),
  '|': ({ builder }, into, left, right) => builder.code.or(into, left, right),
  '^': ({ builder }, into, left, right) => builder.code.xor(into, left, right),
  '<<': ({ builder }, into, left, right) => builder.code.shl(into, left, right),
  '>>': ({ builder }, into, left, right) => builder.code.sar(into, left, right),
  '==': ({ builder }, into, left, right) =>
    builder.code.xor(into, left, right).sltiu(into, into, 1),
  '!=': ({ builder }, into, left, right) =>
    builder.code.xor(into, left, right).sltiu(into, into, 1).xori(into, into, 1),
  '<': ({ builder }, into, left, right) => builder.code.slt(into, left, right),
  '>': ({ builder }, into, left, right) => builder.code.slt(into, right, left),
  '<=': ({ builder }, into, left, right) => builder.code.slt(into, right, left).xori(into, into, 1),
  '>=': ({ builder }, into, left, right) => builder.code.slt(into, left, right).xori(into, into, 1),
};

const COMBINE: Readonly<Record<UpdateOperation, 'add' | 'and' | 'or' | 'xor' | 'mov'>> = {
  add: 'add',
  and: 'and',
  or: 'or',
  xor: 'xor',
  exchange: 'mov',
};

const FETCH = {
  add: 'xadd32',
  and: 'xand32',
  or: 'xorr32',
  xor: 'xxor32',
  exchange: 'xchg32',
} as const;

function emitUpdate(
  context: ExpressionContext,
  { operation, address, operand, gives }: UpdateExpression,
  at: number,
): CodeRegister {
  const { code } = context.builder;
  const base = emitAddress(context, address, at);
  const given = emitExpression(context, operand, at + 1);
  const old = scratch(context, at + 2);
  const into = scratch(context, at);
  code.mov(old, given)[FETCH[operation]](old, base);
  const combine = COMBINE[operation];
  if (gives === 'old') code.mov(into, old);
  else if (combine === 'mov') code.mov(into, given);
  else code[combine](into, old, given);
  return into;
}

function emitAddUnless(
  context: ExpressionContext,
  { address, operand, unless }: Extract<CExpression, { readonly kind: 'add-unless' }>,
  at: number,
): CodeRegister {
  const { builder } = context;
  const { code } = builder;
  const [again, refused, end] = [builder.newLabel(), builder.newLabel(), builder.newLabel()];
  const base = emitAddress(context, address, at);
  const added = emitExpression(context, operand, at + 1);
  const excluded = emitExpression(context, unless, at + 2);
  const [seen, old, desired] = [at + 3, at + 4, at + 5].map((index) => scratch(context, index));
  const into = scratch(context, at);
  code.ld32(old!, base).label(again).beq(old!, excluded, refused);
  code.mov(seen!, old!).add(desired!, old!, added).cas32(old!, base, desired!);
  code.bne(old!, seen!, again).li(into, 1).jmp(end);
  code.label(refused).li(into, 0).label(end);
  return into;
}

function emitLogical(
  context: ExpressionContext,
  { operator, left, right }: Extract<CExpression, { readonly kind: 'logical' }>,
  at: number,
): CodeRegister {
  const { builder } = context;
  const { code } = builder;
  const into = scratch(context, at);
  const [decided, end] = [builder.newLabel(), builder.newLabel()];
  const isOr = operator === '||';
  const not = (operand: CExpression): CExpression => ({ kind: 'unary', operator: '!', operand });
  for (const side of [left, right]) emitBranchUnless(context, isOr ? not(side) : side, decided, at);
  code.li(into, isOr ? 0 : 1).jmp(end);
  code
    .label(decided)
    .li(into, isOr ? 1 : 0)
    .label(end);
  return into;
}
