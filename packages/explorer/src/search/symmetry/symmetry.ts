import type { MachineProbe } from '../states/machine-probe.js';
import type { PhaseNodes } from '../states/phase-nodes.js';
import type { StateParts } from '../states/state-parts.js';
import type { TransitionMemo } from '../states/transition-memo.js';
import { Asymmetry } from './asymmetry.js';
import { KnownPaths } from './known-paths.js';
import { LeastImage } from './least-image.js';
import { Permutations } from './permutations.js';
import { PhaseImages } from './phase-images.js';
import { StateImages } from './state-images.js';

/** What a search does with interchangeable threads: one of the states that they make of each other will do. */
export class Symmetry {
  /** What such states have in common. */
  readonly least: LeastImage;
  readonly #images: StateImages;

  /**
   * @param parts of the states of one pass, at the start of a run
   * @param groups threads that are said to be interchangeable
   * @throws Asymmetry where one of them does not exist
   */
  constructor(parts: StateParts, groups: readonly (readonly number[])[]) {
    const { threads } = parts.layout;
    const absent = groups.flat().find((thread) => thread >= threads);
    if (absent !== undefined) throw new Asymmetry(`no thread ${absent}`);
    this.#images = new StateImages(parts, new Permutations(groups, threads));
    this.least = new LeastImage(this.#images);
  }

  /** Those who make sure that the threads are. */
  phases(probe: MachineProbe, memo: TransitionMemo, nodes: PhaseNodes): PhaseImages {
    const { parts, permutations } = this.#images;
    return new PhaseImages(probe, this.#images, new KnownPaths(parts, permutations, memo, nodes));
  }
}
