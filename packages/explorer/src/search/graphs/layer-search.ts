import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import type { ClaimTable } from '../claims.js';
import type { PassCounts, PassLimits } from '../exhaustive-pass.js';
import type { GraphNotes, PartEnd } from './graph-unit.js';
import { LayerPart } from './layer-part.js';
import type { PackedPaths } from '../packed-paths.js';
import { PartRunner } from './part-runner.js';

/** Paths that are left to one unit of the next layer, at most. */
const NEXT_PATHS = 64;

/** What came of the paths of one layer, those with one number of kernel events. */
export interface LayerResult extends PartEnd {
  readonly notes: GraphNotes;
  /** Of what is too long: paths of this layer that were not taken, in so many trees as were asked for. */
  readonly rest: readonly PackedPaths[];
  /** Paths with one kernel event more. */
  readonly next: readonly PackedPaths[];
}

/** Searches what begins with some paths, up to the next kernel event; leaves what others have claimed to them. */
export class LayerSearch {
  readonly #runner: PartRunner;
  readonly #part: LayerPart;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig, claims: ClaimTable) {
    this.#runner = new PartRunner(scenario, overrides);
    this.#runner.watch(this.#runner.tracker);
    this.#part = new LayerPart(claims);
  }

  /** Gives its machine back: it takes no more paths. */
  giveBack(): void {
    this.#runner.giveBack();
  }

  /**
   * Takes paths; `onExecution` is called after every execution with the counts so far.
   *
   * @param most - executions after which the rest is left to others
   * @param trees - how many it is dealt out to
   */
  run(
    paths: PackedPaths,
    limits: PassLimits,
    { most, trees }: { readonly most: number; readonly trees: number },
    onExecution: (counts: PassCounts) => void,
  ): LayerResult {
    const part = this.#part;
    const runner = this.#runner;
    const { events } = paths;
    part.clear();
    part.paths = paths;
    const { end, executions } = runner.run(
      part,
      { ...limits, most, mostEvents: events },
      onExecution,
    );
    const isLeft = end === 'too-long';
    return {
      ...{ end, executions, notes: part.notes },
      rest: isLeft ? runner.takeOut(events, () => trees) : [],
      next:
        end === 'failed' ? [] : runner.takeOut(events + 1, (all) => Math.ceil(all / NEXT_PATHS)),
    };
  }
}
