import type { Machine } from '@rseqlab/sim-machine';
import { MemorySink } from './trace-sink.js';
import type { TraceSink } from './trace-sink.js';

/** Opens a place for a trace. @param name what it is a trace of, such as the name of a session */
export type TraceOpener = (name: string) => TraceSink;

const openers = new WeakMap<Machine, TraceOpener>();

/**
 * Says where the traces of a machine's programs go: for who runs programs of others, as `rseqlab run FILE
 * --trace FOLDER` does.
 */
export function directTraces(machine: Machine, open: TraceOpener): void {
  openers.set(machine, open);
}

/**
 * Opens a trace where {@link directTraces} said that traces of the machine go; in memory if nobody did.
 *
 * @param name what it is a trace of, such as the name of a session
 */
export function openTrace(machine: Machine, name: string): TraceSink {
  return openers.get(machine)?.(name) ?? new MemorySink();
}

/** Whether somebody said where traces of the machine go. @internal */
export function areTracesDirected(machine: Machine): boolean {
  return openers.has(machine);
}
