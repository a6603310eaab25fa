import { verifySections } from '@rseqlab/sim-machine';
import type { InstalledProgram, Machine, Program } from '@rseqlab/sim-machine';

/** Programs that need no second look: a program never changes. */
const verified = new WeakSet<Program>();

/**
 * Puts a library's program into the text segment, if its sections are sound.
 *
 * @throws MachineError `ERR_SECTION` with every violation, each with its rule and instruction
 */
export function installSections(machine: Machine, program: Program): InstalledProgram {
  if (!verified.has(program)) {
    verifySections(program);
    verified.add(program);
  }
  return machine.install(program);
}
