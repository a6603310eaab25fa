import { SignalNumber } from '@rseqlab/sim-machine';

const NAMES = new Map(
  Object.entries(SignalNumber).map(([name, number]) => [number as number, name]),
);

/** The name of a signal, such as `SIGSEGV`. */
export function signalName(signal: number): string {
  return NAMES.get(signal) ?? `signal ${signal}`;
}
