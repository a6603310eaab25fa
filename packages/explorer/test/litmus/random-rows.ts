import fc from 'fast-check';

interface Operands {
  /** The suffix that states the width. */
  readonly suffix: string;
  readonly register: fc.Arbitrary<string>;
  readonly memory: fc.Arbitrary<string>;
}

const REGISTERS = {
  b: ['%al', '%bl', '%cl'],
  w: ['%ax', '%bx', '%cx'],
  l: ['%eax', '%ebx', '%ecx'],
  q: ['%rax', '%rbx', '%rcx'],
} as const;

const CONSTANTS = ['$0', '$1', '$2', '$-1', '$127', '$-128', '$255', '$300'];
const WORDS = ['(x)', '[y]', 'x(%rip)', '(%rdx)'];

function operands(suffix: keyof typeof REGISTERS): Operands {
  const inside = { b: ['1(%rdx)', '3(%rdx)'], w: ['2(%rdx)'], l: [], q: [] }[suffix];
  return {
    suffix,
    register: fc.constantFrom(...REGISTERS[suffix]),
    memory: fc.constantFrom(...WORDS, ...inside),
  };
}

const anyWidth = fc.constantFrom(...(['b', 'w', 'l', 'q'] as const)).map(operands);
const atomicWidth = fc.constantFrom(...(['l', 'q'] as const)).map(operands);

/** An instruction with a source and a destination, at most one of them memory. */
function two(...mnemonics: readonly string[]): fc.Arbitrary<string> {
  const mnemonic = fc.constantFrom(...mnemonics);
  return anyWidth.chain(({ suffix, register, memory }) => {
    const source = fc.oneof(fc.constantFrom(...CONSTANTS), register);
    const places = fc.oneof(
      fc.tuple(source, fc.oneof(register, memory)),
      fc.tuple(memory, register),
    );
    return fc.tuple(mnemonic, places).map(([name, [from, to]]) => `${name}${suffix} ${from},${to}`);
  });
}

/** An instruction with a register for its source. */
function fromRegister(mnemonics: readonly string[], locked: boolean): fc.Arbitrary<string> {
  const mnemonic = fc.constantFrom(...mnemonics);
  return (locked ? atomicWidth : anyWidth).chain(({ suffix, register, memory }) => {
    const destination = locked ? memory : fc.oneof(register, memory);
    return fc
      .tuple(mnemonic, register, destination)
      .map(([name, from, to]) => `${locked ? 'lock ' : ''}${name}${suffix} ${from},${to}`);
  });
}

const step = fc
  .tuple(fc.constantFrom('inc', 'dec'), anyWidth)
  .chain(([name, { suffix, register, memory }]) =>
    fc.oneof(register, memory).map((to) => `${name}${suffix} ${to}`),
  );

const exchange = atomicWidth.chain(({ suffix, register, memory }) =>
  fc.tuple(register, fc.oneof(register, memory)).map(([from, to]) => `xchg${suffix} ${from},${to}`),
);

const instruction = fc.oneof(
  { weight: 4, arbitrary: two('mov', 'mov', 'add', 'sub', 'and', 'or', 'xor', 'cmp') },
  fromRegister(['xadd', 'cmpxchg'], false),
  fromRegister(['add', 'sub', 'and', 'or', 'xor', 'xadd', 'cmpxchg'], true),
  step,
  exchange,
  fc.constantFrom('xchgb %al,%bl', 'testw $300,%ax', 'movq (p),%rdx', 'leaq y(%rip),%rdx'),
  fc.constantFrom('mfence', 'lfence', 'sfence', 'nop'),
);

/** Conditions that are exact whatever set the flags, and those that an addition may spoil. */
const ROBUST = ['je', 'jne', 'js', 'jns'];
const RELATIONS = ['jl', 'jle', 'jg', 'jge', 'jb', 'jbe', 'ja', 'jae'];

const jump = fc.oneof(
  fc.constantFrom(...ROBUST).map((name) => [`${name} L`]),
  fc
    .tuple(two('cmp', 'cmp', 'sub', 'and', 'or', 'xor'), fc.constantFrom(...ROBUST, ...RELATIONS))
    .map(([setter, name]) => [setter, `${name} L`]),
);

const few = fc.array(instruction, { minLength: 1, maxLength: 2 });

/** A few instructions, one of them a jump to the end of the thread. */
const thread = fc
  .tuple(few, jump, few)
  .map(([before, jumping, behind]) => [...before, ...jumping, ...behind, 'L:']);

/** Rows of random instructions for so many threads. */
export function randomRows(threads: number): fc.Arbitrary<string> {
  return fc.array(thread, { minLength: threads, maxLength: threads }).map((columns) => {
    const height = Math.max(...columns.map((column) => column.length));
    const rows = Array.from({ length: height }, (_, row) =>
      columns.map((column) => column[row] ?? '').join(' | '),
    );
    return rows.map((row) => `${row} ;`).join('\n');
  });
}
