import { MachineError } from '../base/machine-error.js';
import { describeAt, textAt } from './disassembler.js';
import type { Program } from './program.js';
import type { SectionDescriptor } from './section-descriptor.js';
import {
  CONTENT_RULES,
  PLACE_RULES,
  type ContentRule,
  type PlaceRule,
  type RuleCheck,
} from './section-rules.js';
import { SectionText } from './section-text.js';

/** A rule that a critical section has to keep, by name. */
export type SectionRule = PlaceRule | ContentRule;

/** A rule that a section breaks, and where. */
export interface Violation {
  readonly rule: SectionRule;
  /** Name of the section. */
  readonly section: string;
  /** Byte offset in the program. */
  readonly offset: number;
  /** What stands there, as assembly. */
  readonly instruction: string;
  /** "expected ..., got ...", without the place. */
  readonly message: string;
}

/**
 * Checks one critical section against every rule.
 *
 * @returns every violation, each with the instruction that is at fault; none for a sound section
 */
export function verifySection(program: Program, section: SectionDescriptor): Violation[] {
  const text = new SectionText(program, section);
  const violations = check(PLACE_RULES, text);
  return violations.length > 0 ? violations : check(CONTENT_RULES, text);
}

/**
 * Makes sure that every critical section of a program is sound.
 *
 * @throws MachineError `ERR_SECTION` with one line for every violation
 */
export function verifySections(program: Program): void {
  const violations = program.sections.flatMap((section) => verifySection(program, section));
  if (violations.length === 0) return;
  const lines = violations.map(
    ({ rule, section, offset, message }) =>
      `  section "${section}", ${rule}: ${message}, at ${describeAt(program, offset)}`,
  );
  throw new MachineError(
    'ERR_SECTION',
    `expected sound sections in program "${program.name}", got:\n${lines.join('\n')}`,
  );
}

function check(rules: Readonly<Record<string, RuleCheck>>, text: SectionText): Violation[] {
  return Object.entries(rules).flatMap(([rule, find]) =>
    find(text).map(({ offset, message }) => ({
      rule: rule as SectionRule,
      section: text.section.name,
      offset,
      instruction: textAt(text.program, offset),
      message,
    })),
  );
}
