import type { PlacedUnit, UnitLedger, UnitOutcome } from '@rseqlab/explorer';
import { WorkerLost } from './crew.js';
import type { Crew } from './crew.js';

/** Two workers died over the same unit. */
export class UnitLost extends Error {
  override readonly name = 'UnitLost';
  /** Place of the unit in the plan. */
  readonly path: string;

  /** @param how - how the second one died */
  constructor(path: string, how: string) {
    super(`expected the worker of unit ${path} to live, got ${how} twice: stopped`);
    this.path = path;
  }
}

/** Units being done. */
export interface UnitsAtWork {
  /** Resolves when all are done that the result needs; some that it does not may still be at work. */
  readonly finished: Promise<void>;
  /** Begins no other unit. */
  stop(): void;
}

/**
 * Does the units of a ledger, one a worker at a time.
 *
 * A unit whose worker dies is tried once more, as the death may be the machine's fault.
 *
 * @param onDone - called whenever a unit was done
 */
export function doUnits(
  crew: Crew,
  workers: number,
  ledger: UnitLedger,
  onDone: (lane: number) => void,
): UnitsAtWork {
  let stopped = false;
  let wake: (() => void)[] = [];
  const changed = (): void => {
    const woken = wake;
    wake = [];
    for (const go of woken) go();
  };

  async function work(lane: number): Promise<void> {
    while (!stopped && !ledger.isComplete) {
      const unit = ledger.take();
      if (unit === undefined) {
        await new Promise<void>((go) => wake.push(go));
        continue;
      }
      const before = unit.waits === true ? ledger.results().map(({ value }) => value) : [];
      const result = await tryTwice(unit, () => crew.perform(lane, unit.work, before));
      if (stopped) return;
      ledger.add({ ...result, path: unit.path });
      onDone(lane);
      changed();
    }
  }

  const lanes = Array.from({ length: workers }, (_, lane) => work(lane));
  const completed = new Promise<void>((done) => {
    const look = (): void => (ledger.isComplete ? done() : void wake.push(look));
    look();
  });
  return {
    finished: Promise.race([completed, Promise.all(lanes).then(() => undefined)]),
    stop() {
      stopped = true;
    },
  };
}

async function tryTwice(
  { path }: PlacedUnit,
  perform: () => Promise<UnitOutcome>,
): Promise<UnitOutcome> {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
  }
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    throw new UnitLost(path, error.message);
  }
}
