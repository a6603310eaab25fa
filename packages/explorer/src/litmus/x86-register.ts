/** The sixteen general registers under their 64-bit names, in the order in which states list them. */
export const X86_REGISTERS = [
  'rax',
  'rbx',
  'rcx',
  'rdx',
  'rsi',
  'rdi',
  'rbp',
  'rsp',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;

/** A general register, whichever part of it an instruction names. */
export type X86Register = (typeof X86_REGISTERS)[number];

/** How much of a register or of memory an instruction touches, in bytes. */
export type OperandWidth = 1 | 2 | 4 | 8;

/** A register's name: which register, and how much of it. */
export interface X86RegisterName {
  readonly register: X86Register;
  readonly widthBytes: OperandWidth;
}

const NAMES: ReadonlyMap<string, X86RegisterName> = new Map(X86_REGISTERS.flatMap(namesOf));

/** The register of this name, written in any case and without `%`; undefined if there is none. */
export function x86RegisterNamed(name: string): X86RegisterName | undefined {
  return NAMES.get(name.toLowerCase());
}

function namesOf(register: X86Register): [string, X86RegisterName][] {
  const [quad, long, word, byte] = spellings(register);
  return [
    [quad, { register, widthBytes: 8 }],
    [long, { register, widthBytes: 4 }],
    [word, { register, widthBytes: 2 }],
    [byte, { register, widthBytes: 1 }],
  ];
}

function spellings(register: X86Register): [string, string, string, string] {
  const short = register.slice(1);
  if (/\d/.test(short)) return [register, `${register}d`, `${register}w`, `${register}b`];
  const byte = short.endsWith('x') ? `${short.charAt(0)}l` : `${short}l`;
  return [register, `e${short}`, short, byte];
}
