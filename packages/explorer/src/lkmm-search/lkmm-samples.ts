import { check } from '../search/check.js';
import type { SearchName } from '../search/strategies.js';
import { LkmmEnds } from './lkmm-ends.js';
import { lkmmScenario } from './lkmm-scenario.js';
import type { LkmmScenarioPlace } from './lkmm-scenario.js';
import { joinSeen } from './lkmm-seen.js';
import type { LkmmSeen } from './lkmm-seen.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

/** What was seen of a C test in some executions. */
export interface LkmmSamples {
  readonly seen: LkmmSeen;
  /** Whether they turned out to be one of every class: nothing was left out. */
  readonly complete: boolean;
  /** Fewer than were asked for where that is so, or where one does not end: then it is the last. */
  readonly executions: number;
}

/**
 * Makes some executions of a C test, the same ones each time: so many are drawn by PCT, and as many are of different
 * classes, which hold stores back as long as they can; where classes are not known they are drawn at random.
 *
 * @param count of each kind
 * @param hasClasses whether all that threads share is in simulated memory
 */
export function sampleLkmm(
  loaded: LoadedLkmm,
  backend: RcuBackend,
  place: LkmmScenarioPlace,
  { count, hasClasses }: { readonly count: number; readonly hasClasses: boolean },
): LkmmSamples {
  const make = (search: SearchName): LkmmSamples => {
    const ends = new LkmmEnds();
    const made = lkmmScenario(loaded, backend, ends, place);
    const limits = { kernelEvents: 0, executions: count };
    const { outcome, executions, finding } = check(made, { search, ...limits });
    return { seen: ends.seen(finding), executions, complete: outcome === 'holds' };
  };
  const other = make(hasClasses && place.memory !== 'weak' ? 'classes' : 'random');
  if (other.complete) return other;
  const drawn = make('pct');
  return {
    seen: joinSeen(other.seen, drawn.seen),
    complete: false,
    executions: other.executions + drawn.executions,
  };
}
