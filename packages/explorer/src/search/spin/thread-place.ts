import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';
import type { ReadWindows } from './read-windows.js';

const GENERAL_REGISTERS = 16;

/** Where a thread is, and all that it has for itself; and what it has read, of which it may have kept nothing. */
export function threadPlace(machine: Machine, windows: ReadWindows, thread: number): string {
  const { registers, history } = machine.threads;
  const base = thread * REGISTER_STRIDE;
  let low = mix(thread, registers[base + RegisterFile.Ip]!, PRIME_A);
  let high = mix(registers[base + RegisterFile.Operations]!, thread, PRIME_B);
  for (let n = 0; n < GENERAL_REGISTERS; n++) {
    const word = registers[base + n]!;
    low = mix(low, word, PRIME_A);
    high = mix(high, word, PRIME_B);
  }
  low = mix(low, history[thread * 2]!, PRIME_A);
  high = mix(high, history[thread * 2 + 1]!, PRIME_B);
  return `${low}:${high}:${windows.hashOf(thread)}`;
}
