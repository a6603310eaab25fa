import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario, SearchName } from '@rseqlab/explorer';

/** Threads that each add to a word once: so many factorial classes, an execution each. */
function adding(threads: number): Scenario {
  return scenario({
    name: `${threads} threads add`,
    machine: { cpus: threads, maxThreads: threads, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const word = lab.process.allocate(4);
      for (let cpu = 0; cpu < threads; cpu++) lab.spawn((t) => t.fetchAdd(word, 1), { cpu });
    },
  });
}

/** A search that makes one execution after the other, and a program that it does not soon end with. */
export interface LongSearch {
  readonly search: SearchName;
  readonly checked: Scenario;
}

/** A search keeps every class that it samples, so these are of a program with few. */
export const LONG_SEARCHES: readonly LongSearch[] = [
  { search: 'classes', checked: adding(10) },
  { search: 'random', checked: adding(4) },
];

/**
 * Bytes of the heap after so many executions of a search, each time after a full collection.
 *
 * @param marks - numbers of executions, ascending
 * @param onExecution - called after every execution
 */
export function heapUse(
  { search, checked }: LongSearch,
  marks: readonly number[],
  onExecution: () => void = () => undefined,
): number[] {
  const used: number[] = [];
  check(checked, {
    search,
    kernelEvents: 0,
    executions: marks.at(-1)!,
    onProgress({ executions }) {
      onExecution();
      if (executions === marks[used.length]) used.push(liveBytes());
    },
  });
  return used;
}

let collect: (() => void) | undefined;

/** Bytes of the heap that are in use. */
function liveBytes(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}
