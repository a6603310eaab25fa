import { Protection } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';

/** Below this nothing is ever mapped, so that null pointers are noticed. */
const FIRST_PAGE_BYTES = 4096;

/** Why an access to an address gets SIGSEGV, as far as the address space tells. */
export function whyBad(machine: Machine, thread: number, address: number): string {
  const unsigned = address >>> 0;
  if (unsigned < FIRST_PAGE_BYTES)
    return unsigned === 0 ? 'a null pointer' : `a null pointer plus ${unsigned}`;
  const process = machine.process(machine.threads.process[thread]!);
  const area = process.exited ? undefined : process.space.areas.find(unsigned);
  if (area === undefined) return 'nothing is mapped there';
  return `what is mapped there may ${protectionText(area.protection)}`;
}

function protectionText(protection: number): string {
  if ((protection & Protection.Write) !== 0) return 'be written, but its object ends before';
  if (protection === Protection.None) return 'not be accessed';
  return (protection & Protection.Execute) === 0 ? 'only be read' : 'only be read and executed';
}
