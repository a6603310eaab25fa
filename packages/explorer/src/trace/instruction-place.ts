import { textAt } from '@rseqlab/sim-machine';
import type { Machine, Program } from '@rseqlab/sim-machine';

/** The instruction at an address, as a trace shows it. */
export interface InstructionPlace {
  /** The instruction, or the name of the operation where a program called one. */
  readonly text: string;
  /** What the programmer says about it. */
  readonly note?: string;
  /** Where it is: `program: label+offset`. */
  readonly place: string;
}

/** The program that single operations of thread code are routines of: their labels say it best. */
const OPERATIONS = 'access';

/** Looks up the instruction at an address of the text segment; undefined when none is there. */
export function instructionAt(machine: Machine, address: number): InstructionPlace | undefined {
  const installed = machine.programAt(address);
  if (installed === undefined) return undefined;
  const { program } = installed;
  const offset = address - installed.address;
  const label = labelBefore(program, offset);
  const note = program.sources.get(offset >> 2)?.note;
  const instruction = textAt(program, offset);
  const isOperation = program.name === OPERATIONS && instruction !== 'ret';
  return {
    text: isOperation ? label.name : instruction,
    place: `${program.name}: ${label.name}${label.distance > 0 ? `+${label.distance}` : ''}`,
    ...(note === undefined ? {} : { note }),
  };
}

function labelBefore(program: Program, offset: number): { name: string; distance: number } {
  let name = '';
  let start = -1;
  for (const [label, at] of program.labels)
    if (at <= offset && at > start) {
      name = label;
      start = at;
    }
  return { name, distance: offset - Math.max(start, 0) };
}
