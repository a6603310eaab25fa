import { STACK_POINTER } from './register.js';
import { registersWritten } from './register-use.js';
import { branchTarget } from './routine-flow.js';
import { DESCRIPTOR_BYTES, DescriptorField } from './section-descriptor.js';
import type { Placed, SectionText } from './section-text.js';

/** What a rule found: the byte offset of the instruction or word at fault, and what is wrong. */
export interface Finding {
  readonly offset: number;
  readonly message: string;
}

/** Looks for one kind of fault in a section. */
export type RuleCheck = (text: SectionText) => Finding[];

/** A rule about where things are. */
export type PlaceRule = 'place' | 'empty';

/** A rule about what is there. */
export type ContentRule =
  | 'descriptor'
  | 'commit'
  | 'branch-into'
  | 'backward-branch'
  | 'branch-target'
  | 'syscall'
  | 'breakpoint'
  | 'await'
  | 'return'
  | 'illegal'
  | 'stack-pointer'
  | 'abort-inside'
  | 'signature'
  | 'overlap';

/** The rules about where things are; the kernel finds all of them by address. */
export const PLACE_RULES: Readonly<Record<PlaceRule, RuleCheck>> = {
  /** Start, post-commit and abort handler are instructions; the descriptor lies aligned in the program. */
  place: (text) => {
    const { start, postCommit, abort, descriptor } = text.section;
    const findings: Finding[] = Object.entries({ start, postCommit, abort })
      .filter(([, offset]) => !text.isInstruction(offset))
      .map(([what, offset]) => ({
        offset,
        message: `expected ${what} at an instruction, got offset ${offset}`,
      }));
    const end = descriptor + DESCRIPTOR_BYTES;
    if (descriptor % DESCRIPTOR_BYTES !== 0 || end > text.program.sizeBytes)
      findings.push({
        offset: descriptor,
        message: `expected the descriptor in the program at a multiple of ${DESCRIPTOR_BYTES}, got offset ${descriptor}`,
      });
    return findings;
  },

  /** A section of no instructions protects nothing. */
  empty: ({ section: { start, postCommit } }) =>
    postCommit > start
      ? []
      : [{ offset: start, message: `expected post-commit behind ${start}, got ${postCommit}` }],
};

/** The rules about what is in the places; checked when `PLACE_RULES` hold. */
export const CONTENT_RULES: Readonly<Record<ContentRule, RuleCheck>> = {
  /** The descriptor's words say what the section is. */
  descriptor: ({ section, program }) => {
    const wanted = new Map<number, number>([
      [DescriptorField.StartIp, section.start],
      [DescriptorField.PostCommitOffset, section.postCommit - section.start],
      [DescriptorField.AbortIp, section.abort],
    ]);
    const findings: Finding[] = [];
    for (let field = 0; field < DESCRIPTOR_BYTES; field += 4) {
      const offset = section.descriptor + field;
      const word = program.words[offset / 4]!;
      const expected = wanted.get(field) ?? 0;
      const isAddress = field === DescriptorField.StartIp || field === DescriptorField.AbortIp;
      const isRelocated = program.relocations.some((relocation) => relocation.word === offset / 4);
      if (word !== expected || isRelocated !== isAddress)
        findings.push({
          offset,
          message: `expected ${isAddress ? 'address' : 'value'} ${expected} at byte ${field} of the descriptor, got ${isRelocated ? 'address' : 'value'} ${word}`,
        });
    }
    return findings;
  },

  /** What takes effect is one store, the last instruction: nothing is left to undo or to do. */
  commit: (text) => {
    const last = text.inside().at(-1)!;
    const kind = last.instruction?.definition.effect.kind;
    return kind === 'store' || kind === 'atomic'
      ? []
      : [{ offset: last.offset, message: 'expected the committing store as last instruction' }];
  },

  /** Whoever enters in the middle skips what the section relies on. */
  'branch-into': (text) =>
    text
      .outside()
      .filter((placed) => {
        const target = targetOf(placed);
        return target !== undefined && target !== text.section.start && text.contains(target);
      })
      .map(({ offset }) => ({
        offset,
        message: 'expected branches from outside to go to the start of the section only',
      })),

  /** A section ends by itself: an abort must not be its only way out. */
  'backward-branch': (text) =>
    inside(
      text,
      (placed) => (targetOf(placed) ?? Infinity) <= placed.offset,
      'expected forward branches only',
    ),

  /** A branch leads to an instruction, in the section or behind it. */
  'branch-target': (text) =>
    inside(
      text,
      (placed) => {
        const target = targetOf(placed);
        return target !== undefined && !text.isInstruction(target);
      },
      'expected a branch to an instruction of the program',
    ),

  /** The kernel may kill a thread that enters it from inside a section. */
  syscall: (text) => inside(text, exits('syscall'), 'expected no system call'),

  /** A trap aborts the section every time. */
  breakpoint: (text) => inside(text, exits('breakpoint'), 'expected no breakpoint'),

  /** A wait may never end. */
  await: (text) =>
    inside(
      text,
      ({ instruction }) => instruction?.definition.effect.kind === 'await',
      'expected no wait',
    ),

  /** A return leaves the caller where an abort may still hit it. */
  return: (text) => inside(text, exits('return'), 'expected no return before post-commit'),

  /** A word that is no instruction kills the thread. */
  illegal: (text) =>
    inside(text, ({ instruction }) => instruction === undefined, 'expected an instruction'),

  /** The abort handler finds the stack pointer as it was at the moment of the abort. */
  'stack-pointer': (text) =>
    inside(
      text,
      ({ instruction }) =>
        instruction !== undefined && ((registersWritten(instruction) >>> STACK_POINTER) & 1) === 1,
      'expected the stack pointer (r15) unchanged',
    ),

  /** An abort handler inside would itself be aborted; the kernel takes it for an invalid section. */
  'abort-inside': (text) =>
    text.contains(text.section.abort)
      ? [{ offset: text.section.abort, message: 'expected the abort handler outside the section' }]
      : [],

  /** The kernel kills a thread whose abort handler does not have the signature in front of it. */
  signature: ({ section: { abort, signature }, program }) => {
    const word = program.words[abort / 4 - 1];
    return word === signature
      ? []
      : [
          {
            offset: Math.max(abort - 4, 0),
            message: `expected signature ${hexadecimal(signature)} in front of the abort handler, got ${word === undefined ? 'nothing' : hexadecimal(word)}`,
          },
        ];
  },

  /** A thread announces one section at a time. */
  overlap: ({ section, program }) =>
    program.sections
      .filter(
        (other) =>
          other.name !== section.name &&
          other.start < section.postCommit &&
          section.start < other.postCommit,
      )
      .map((other) => ({
        offset: Math.max(other.start, section.start),
        message: `expected sections apart, got an overlap with section "${other.name}"`,
      })),
};

function inside(
  text: SectionText,
  isWrong: (placed: Placed) => boolean,
  message: string,
): Finding[] {
  return text
    .inside()
    .filter(isWrong)
    .map(({ offset }) => ({ offset, message }));
}

function exits(exit: 'syscall' | 'breakpoint' | 'return'): (placed: Placed) => boolean {
  return ({ instruction }) => {
    const effect = instruction?.definition.effect;
    return effect?.kind === 'exit' && effect.exit === exit;
  };
}

function targetOf({ instruction, offset }: Placed): number | undefined {
  return instruction && branchTarget(instruction, offset);
}

function hexadecimal(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
