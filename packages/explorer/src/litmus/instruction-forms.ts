import type { InstructionReader } from './instruction-reader.js';
import type { ArithmeticOperation, LitmusInstruction } from './litmus-instruction.js';

/**
 * Parses the operands of one kind of instruction.
 *
 * @param locked - whether `lock` stands before it; only forms in {@link LOCKABLE_FORMS} see it true
 */
export type InstructionForm = (reader: InstructionReader, locked: boolean) => LitmusInstruction;

const move: InstructionForm = (reader) => {
  const [source, destination] = reader.two();
  const widthBytes = reader.widthBytes(source, destination);
  const to = reader.writable(destination);
  return { kind: 'move', widthBytes, source: reader.source(source, to), destination: to };
};

const loadAddress: InstructionForm = (reader) => {
  const [source, destination] = reader.two();
  const widthBytes = reader.widthBytes(destination);
  if (widthBytes === 1) reader.refuseMnemonic('an address of 16, 32 or 64 bits');
  const from = reader.memory(source);
  return {
    kind: 'load-address',
    widthBytes,
    source: from,
    destination: reader.register(destination),
  };
};

const arithmetic =
  (operation: ArithmeticOperation): InstructionForm =>
  (reader, locked) => {
    const [source, destination] = reader.two();
    const widthBytes = reader.widthBytes(source, destination);
    if (locked) reader.requireAtomicWidth(widthBytes);
    const to = locked ? reader.memory(destination) : reader.writable(destination);
    const from = reader.source(source, to);
    return { kind: 'arithmetic', operation, widthBytes, source: from, destination: to, locked };
  };

const step =
  (operation: 'add' | 'sub'): InstructionForm =>
  (reader, locked) => {
    const destination = reader.one();
    const widthBytes = reader.widthBytes(destination);
    if (locked) reader.requireAtomicWidth(widthBytes);
    const to = locked ? reader.memory(destination) : reader.writable(destination);
    const source = { kind: 'immediate', value: 1 } as const;
    return { kind: 'arithmetic', operation, widthBytes, source, destination: to, locked };
  };

const compare =
  (operation: 'sub' | 'and'): InstructionForm =>
  (reader) => {
    const [source, destination] = reader.two();
    const widthBytes = reader.widthBytes(source, destination);
    const to = reader.writable(destination);
    const from = reader.source(source, to);
    return { kind: 'compare', operation, widthBytes, source: from, destination: to };
  };

const exchange: InstructionForm = (reader, locked) => {
  const operands = reader.two();
  const [first, second] = operands;
  const swapped = first.operand.kind === 'memory';
  const [source, destination] = swapped ? [second, first] : [first, second];
  const widthBytes = reader.widthBytes(...operands);
  const to = locked ? reader.memory(destination) : reader.writable(destination);
  if (to.kind === 'memory') reader.requireAtomicWidth(widthBytes);
  return { kind: 'exchange', widthBytes, source: reader.register(source), destination: to };
};

const readModifyWrite =
  (kind: 'exchange-add' | 'compare-exchange'): InstructionForm =>
  (reader, locked) => {
    const [source, destination] = reader.two();
    const widthBytes = reader.widthBytes(source, destination);
    if (locked) reader.requireAtomicWidth(widthBytes);
    const to = locked ? reader.memory(destination) : reader.writable(destination);
    return { kind, widthBytes, source: reader.register(source), destination: to, locked };
  };

/** The instructions that `lock` may precede, by their names without a width suffix. */
export const LOCKABLE_FORMS: ReadonlyMap<string, InstructionForm> = new Map([
  ['add', arithmetic('add')],
  ['sub', arithmetic('sub')],
  ['and', arithmetic('and')],
  ['or', arithmetic('or')],
  ['xor', arithmetic('xor')],
  ['inc', step('add')],
  ['dec', step('sub')],
  ['xchg', exchange],
  ['xadd', readModifyWrite('exchange-add')],
  ['cmpxchg', readModifyWrite('compare-exchange')],
]);

/** All instructions whose names may carry a width suffix. */
export const SIZED_FORMS: ReadonlyMap<string, InstructionForm> = new Map([
  ...LOCKABLE_FORMS,
  ['mov', move],
  ['lea', loadAddress],
  ['cmp', compare('sub')],
  ['test', compare('and')],
]);
