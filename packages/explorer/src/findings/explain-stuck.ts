import type { Machine } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { FindingPlace, FindingPlaceRole } from './finding-place.js';
import { hexadecimal, threadText } from './shadow-findings.js';
import type { ThreadWait } from './thread-wait.js';
import { threadWaits } from './thread-waits.js';
import type { SpinningThreads } from './thread-waits.js';
import type { WaitEvent, WaitHistory } from './wait-history.js';

/**
 * Says why no thread can go on: who waits for whom, or which wake-up was lost.
 *
 * | what is found                                                          | kind                |
 * |------------------------------------------------------------------------|---------------------|
 * | threads wait for each other in a circle                                | `deadlock`          |
 * | one sleeps on a futex that was woken before it slept                    | `lost-wakeup`       |
 * | one sleeps on a word that has changed since, without a wake-up          | `lost-wakeup`       |
 * | all that are left wait for words to change, and nobody is left to store | `unsatisfied-await` |
 * | anything else                                                          | `deadlock`          |
 *
 * @param spinning - threads that read the same for ever, with what they read: they wait for it to change
 */
export function explainStuck(
  machine: Machine,
  history: WaitHistory,
  spinning?: SpinningThreads,
): Finding {
  const waits = threadWaits(machine, history, spinning);
  const cycle = cycleOf(waits);
  if (cycle.length > 0)
    return { kind: 'deadlock', message: cycleText(machine, cycle, waits), waits, cycle };
  for (const wait of waits) {
    const lost = lostWakeUp(machine, wait, history);
    if (lost !== undefined) return { ...lost, waits };
  }
  const [first] = waits;
  if (first !== undefined && waits.every(({ resource }) => resource === 'await'))
    return {
      kind: 'unsatisfied-await',
      message: `expected ${threadText(machine, first.thread)} to see the word at ${hexadecimal(first.address!)} change from ${first.value!}, got no thread that is left to change it`,
      thread: first.thread,
      waits,
    };
  return {
    kind: 'deadlock',
    message: `expected every thread to end, got ${waits.length} that can never go on`,
    waits,
  };
}

/** Threads each of which waits for the next, and the last for the first; from the lowest on. */
function cycleOf(waits: readonly ThreadWait[]): readonly number[] {
  const next = new Map(
    waits.flatMap(({ thread, holder }) =>
      holder === undefined ? [] : [[thread, holder] as const],
    ),
  );
  for (const { thread } of waits) {
    const path = [thread];
    for (let at = next.get(thread); at !== undefined && path.length <= waits.length;) {
      if (at === thread) return path;
      path.push(at);
      at = next.get(at);
    }
  }
  return [];
}

function cycleText(
  machine: Machine,
  cycle: readonly number[],
  waits: readonly ThreadWait[],
): string {
  const names = cycle.map((thread) => threadText(machine, thread));
  const what =
    cycle.length === 1
      ? `${names[0]!}, which waits for itself`
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}, which wait for each other`;
  const more = waits.length - cycle.length;
  return `expected every thread to end, got ${what}${more === 0 ? '' : `, and ${more} more that can never go on`}`;
}

function lostWakeUp(
  machine: Machine,
  { thread, resource, address, value, expected, holder }: ThreadWait,
  history: WaitHistory,
): Finding | undefined {
  const sleep = history.sleep(thread);
  if (resource !== 'futex' || address === undefined || holder !== undefined) return undefined;
  if (sleep?.address !== address) return undefined;
  const who = threadText(machine, thread);
  const slept = placeOf('access', sleep, `sleep on futex ${hexadecimal(address)}`);
  const wake = history.missedWake(address, thread, sleep.decision);
  if (wake !== undefined)
    return {
      kind: 'lost-wakeup',
      message: `expected ${who} to be woken, got a wake-up of futex ${hexadecimal(address)} by ${threadText(machine, wake.thread)} before it slept`,
      thread,
      places: [
        slept,
        placeOf('wake', wake, `wake-up of futex ${hexadecimal(address)}, nobody slept`),
      ],
    };
  if (expected === undefined || value === expected) return undefined;
  const write = history.lastWrite(address);
  const by = write === undefined ? '' : ` by ${threadText(machine, write.thread)}`;
  return {
    kind: 'lost-wakeup',
    message: `expected ${who} to be woken, got futex ${hexadecimal(address)} changed from ${expected} to ${value ?? 0}${by} without a wake-up`,
    thread,
    places: [
      slept,
      ...(write === undefined
        ? []
        : [placeOf('other-access', write, `store to futex ${hexadecimal(address)}`)]),
    ],
  };
}

function placeOf(
  role: FindingPlaceRole,
  { thread, cpu, decision }: WaitEvent,
  what: string,
): FindingPlace {
  return { role, thread, cpu, decision, what };
}
