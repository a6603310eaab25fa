// What a fallback costs that the kernel runs for an aborted section: a cpu_opv vector, BPF, eBPF.
import { compareFallbacks } from '@rseqlab/rseq-runtime';
import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';

/** @type {string[]} */
const missing = [];

/**
 * @param {string} name
 * @param {{ cycles: number } | { reason: string }} entry
 */
function cell(name, entry) {
  if (!('reason' in entry)) return String(Math.round(entry.cycles)).padStart(8);
  missing.push(`${name}: ${entry.reason}`);
  return '-'.padStart(8);
}

console.log(`${'cycles of a call'.padEnd(28)}  cpu_opv     BPF    eBPF`);
for (const { operation, vector, bpf, ebpf } of compareFallbacks(XEON_E5_2630V3)) {
  const cells = [
    cell(`${operation}, cpu_opv`, vector),
    cell(`${operation}, BPF`, bpf),
    cell(`${operation}, eBPF`, ebpf),
  ];
  console.log(operation.padEnd(28) + ' ' + cells.join(''));
}
for (const reason of missing) console.log(reason);
