import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { OPCODES, type Mnemonic } from '../../src/isa/opcodes.js';
import {
  createPendingOperation,
  OperationKind,
  pendingOperation,
} from '../../src/isa/pending-operation.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const { Local, Load, Store, Atomic, Fence, Syscall, Query, Pause, Trap, Await } = OperationKind;

function pending(text: string) {
  const machine = new TestMachine();
  machine.install(assemble(text));
  machine.registers.set([9, 0x12345678, 0x20000, 7, -2, 55]);
  const before = machine.state();
  const operation = createPendingOperation();
  expect(pendingOperation(machine.environment, machine.base, operation)).toBe(operation);
  expect(machine.state()).toEqual(before);
  return operation;
}

describe('pendingOperation', () => {
  it.each([
    ['add r1, r2, r3', Local, 0, 0, 0],
    ['ret', Local, 0, 0, 0],
    ['beq r1, r2, .+8', Local, 0, 0, 0],
    ['ld8u r1, [r2 + 1]', Load, 0x20001, 1, 0],
    ['ld16s r1, [r2 - 2]', Load, 0x1fffe, 2, 0],
    ['lda32 r1, [r2]', Load, 0x20000, 4, 0],
    ['ld64 r2, [r2 + 8]', Load, 0x20008, 8, 0],
    ['ld32 r1, [r4 - 2]', Load, -4, 4, 0],
    ['st8 r1, [r2]', Store, 0x20000, 1, 0x78],
    ['st16 r1, [r2]', Store, 0x20000, 2, 0x5678],
    ['st32 r4, [r2 + 4]', Store, 0x20004, 4, -2],
    ['stl32 r4, [r2 + 4]', Store, 0x20004, 4, -2],
    ['st64 r4, [r2]', Store, 0x20000, 8, -2],
    ['xadd32 r3, [r2]', Atomic, 0x20000, 4, 7],
    ['xchg32 r3, [r2 - 4]', Atomic, 0x1fffc, 4, 7],
    ['cas32 r3, [r2 + 4], r5', Atomic, 0x20004, 4, 55],
    ['await32 r3, [r2 + 4], r5', Await, 0x20004, 4, 55],
    ['fence', Fence, 0, 0, 0],
    ['fencew', Fence, 0, 0, 0],
    ['syscall', Syscall, 0, 0, 9],
    ['rdclk r1', Query, 0, 0, 0],
    ['rdpid r1', Query, 0, 0, 0],
    ['pause', Pause, 0, 0, 0],
    ['brk', Trap, 0, 0, 0],
  ])('sees %s as kind %i at %i, %i bytes, value %i', (text, kind, address, size, value) => {
    const opcode = OPCODES[text.split(' ')[0] as Mnemonic];
    expect(pending(text)).toEqual({ kind, opcode, address, size, value });
  });

  it.each(['.word 0', '.word 0x53053053', `.word ${(OPCODES.ld64 | (1 << 6)).toString()}`])(
    'sees %s as a trap',
    (text) => {
      expect(pending(text)).toEqual({ kind: Trap, opcode: 0, address: 0, size: 0, value: 0 });
    },
  );

  it('sees a trap where ip is outside of memory', () => {
    const machine = new TestMachine();
    machine.ip = TEXT_BASE + 0x1000000;
    const operation = createPendingOperation();
    expect(pendingOperation(machine.environment, machine.base, operation).kind).toBe(Trap);
  });

  it('forgets what was in the operation before', () => {
    const operation = createPendingOperation();
    const machine = new TestMachine();
    machine.install(assemble('st32 r1, [r2]\nfence'));
    machine.registers.set([0, 5, 64]);
    pendingOperation(machine.environment, machine.base, operation);
    machine.ip += 4;
    expect(pendingOperation(machine.environment, machine.base, operation)).toEqual({
      kind: Fence,
      opcode: OPCODES.fence,
      address: 0,
      size: 0,
      value: 0,
    });
  });
});
