import { successorsOf } from '@rseqlab/sim-machine';
import type { InstalledProgram, Machine } from '@rseqlab/sim-machine';

/** A critical section of the machine, as debuggers list it. */
export interface ListedSection {
  /** Name of the program that it is part of. */
  readonly program: string;
  /** Its name in that program. */
  readonly name: string;
  /** Address of its first instruction. */
  readonly startIp: number;
  /** Bytes from there to the first instruction behind it. */
  readonly length: number;
  /** Address of its abort handler. */
  readonly abortIp: number;
  /** Address of its descriptor, the `struct rseq_cs`. */
  readonly descriptor: number;
  /** The word in front of its abort handler, as int32. */
  readonly signature: number;
  /**
   * Where a thread is when it has left the section, ascending: behind its end, at its abort handler,
   * and wherever a branch goes out of it.
   */
  readonly exits: readonly number[];
}

/**
 * The critical sections of a machine by address: what a debugger has to know so as not to stop inside
 * of one.
 *
 * librseq keeps such a table in an ELF section (`__rseq_cs_ptr_array`); here it is built from the
 * installed programs, whose sections are known to the assembler.
 *
 * @source tools/testing/selftests/rseq/rseq-x86.h (RSEQ_ASM_DEFINE_TABLE)
 */
export class SectionTable {
  /** By ascending address of the first instruction. */
  readonly sections: readonly ListedSection[];

  /** @param sections in any order */
  constructor(sections: readonly ListedSection[]) {
    this.sections = [...sections].sort((left, right) => left.startIp - right.startIp);
  }

  /** The sections of every program that a machine has installed by now. */
  static of(machine: Machine): SectionTable {
    return new SectionTable(machine.programs.flatMap(sectionsOf));
  }

  /** The innermost section that an address lies in, or undefined. */
  at(ip: number): ListedSection | undefined {
    return this.sections
      .filter((section) => contains(section, ip))
      .reduce<ListedSection | undefined>(
        (innermost, section) =>
          innermost === undefined || section.length < innermost.length ? section : innermost,
        undefined,
      );
  }

  /** The section whose descriptor lies at an address, or undefined. */
  byDescriptor(descriptor: number): ListedSection | undefined {
    return this.sections.find((section) => section.descriptor === descriptor);
  }
}

/** Whether an address is inside a section: the end is not, nor is the abort handler. */
function contains(section: ListedSection, ip: number): boolean {
  return ip >= section.startIp && ip < section.startIp + section.length;
}

function sectionsOf({ program, address }: InstalledProgram): ListedSection[] {
  return program.sections.map(({ name, descriptor, start, postCommit, abort, signature }) => {
    const exits = new Set([postCommit, abort]);
    for (let offset = start; offset < postCommit; offset += 4)
      for (const next of successorsOf(program, offset))
        if (next < start || next >= postCommit) exits.add(next);
    return {
      program: program.name,
      name,
      startIp: address + start,
      length: postCommit - start,
      abortIp: address + abort,
      descriptor: address + descriptor,
      signature,
      exits: [...exits].sort((left, right) => left - right).map((offset) => address + offset),
    };
  });
}
