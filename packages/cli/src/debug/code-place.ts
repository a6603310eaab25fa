import { WordKind } from '@rseqlab/sim-machine';
import type { InstalledProgram, Machine } from '@rseqlab/sim-machine';
import { refused } from './words.js';

/** An address as people read it. */
export function hexadecimal(address: number): string {
  return `0x${(address >>> 0).toString(16)}`;
}

/**
 * A place in the code: `program: label+offset`, or the address where no program is; -1 is where only
 * a thread's own program knows what comes next.
 */
export function placeText(machine: Machine, address: number): string {
  if (address === -1) return 'its program';
  const installed = machine.programAt(address);
  if (installed === undefined) return hexadecimal(address);
  const { program } = installed;
  const offset = address - installed.address;
  const nearest = [...program.labels]
    .filter(([, at]) => at <= offset)
    .reduce<readonly [string, number]>(
      (best, label) => (label[1] > best[1] ? label : best),
      ['', -1],
    );
  const [label, at] = nearest;
  if (at < 0) return `${program.name}: +${offset}`;
  return `${program.name}: ${label}${offset > at ? `+${offset - at}` : ''}`;
}

/**
 * The address that a text names: `0x400010`, `*0x400010`, `label`, `label+8`, `program: label+8`, or
 * a program, which is where it begins.
 *
 * @throws CommandError when there is no such place, or more than one
 */
export function addressOf(machine: Machine, text: string): number {
  const number = /^\*?\s*(0x[\da-f]+|\d+)$/i.exec(text)?.[1];
  if (number !== undefined) return Number(number) | 0;
  const named = machine.programs.find(({ program }) => program.name === text);
  if (named !== undefined) return named.address;
  const [, programName, label = '', offset = '0'] =
    /^(?:(.*?):\s*)?([^\s:+]+)(?:\+(0x[\da-f]+|\d+))?$/i.exec(text) ?? [];
  const found = machine.programs.filter(
    ({ program }) =>
      program.labels.has(label) && (programName === undefined || program.name === programName),
  );
  const [first, ...others] = found;
  if (first === undefined)
    throw refused('an address, a program or a label of one (disassemble shows them)', text);
  if (others.length > 0)
    throw refused(
      `one place, as in ${found.map(({ program }) => `"${program.name}: ${label}"`).join(' or ')}`,
      text,
    );
  return first.addressOf(label) + Number(offset);
}

/**
 * The program that has an instruction at an address.
 *
 * @throws CommandError when there is no code, or the address is in the middle of an instruction
 */
export function codeAt(machine: Machine, address: number, text: string): InstalledProgram {
  const installed = machine.programAt(address);
  if (installed === undefined) throw refused('an address of code', text);
  const offset = address - installed.address;
  if ((offset & 3) !== 0 || installed.program.kinds[offset >> 2] !== WordKind.Instruction)
    throw refused('the address of an instruction', text);
  return installed;
}
