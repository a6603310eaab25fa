import type { Director, Machine, MachineConfig, ShadowObserver } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import { ClassTracker } from '../class-tracker.js';
import { ExhaustiveDirector } from '../exhaustive-director.js';
import type { PassCounts, PassLimits } from '../exhaustive-pass.js';
import { SearchFingerprint } from '../search-fingerprint.js';
import type { PackedPaths } from '../packed-paths.js';
import type { PartEnd } from './graph-unit.js';
import type { NotedPart } from './noted-part.js';

/** How a part is taken. */
export interface PartOptions extends PassLimits {
  /** Executions after which the part is left as too long. */
  readonly most: number;
  /** Paths with more kernel events are not taken. */
  readonly mostEvents?: number;
}

/** Takes the paths of parts of a search for graphs, on one machine. */
export class PartRunner {
  /** Classes of executions. */
  readonly tracker: ClassTracker;
  readonly #runner: ScenarioRunner;
  readonly #director: ExhaustiveDirector;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig) {
    const fingerprint = { low: 0, high: 0, compute: (): void => undefined };
    const placeholder = new ExhaustiveDirector(fingerprint);
    const config = { ...overrides, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, placeholder, config, 'held back');
    this.tracker = new ClassTracker(this.#runner.machine);
    this.#director = new ExhaustiveDirector(new SearchFingerprint(this.machine, this.tracker));
  }

  /** The machine that paths are taken on. */
  get machine(): Machine {
    return this.#runner.machine;
  }

  /** Lets this see all accesses: the {@link tracker}, and what stands beside it. */
  watch(observer: ShadowObserver): void {
    this.#runner.spins!.listen(observer);
  }

  /** Makes one run under another director. */
  probe(director: Director, decisions: number): void {
    this.tracker.reset();
    this.#runner.run(director, { decisions });
  }

  /** Gives its machine back: it takes no more paths. */
  giveBack(): void {
    this.#runner.giveBack();
  }

  /** Takes the paths of a part; `onExecution` is called after every execution with its counts so far. */
  run(part: NotedPart, options: PartOptions, onExecution: (counts: PassCounts) => void): PartEnd {
    const director = this.#director;
    director.begin(options, part);
    let executions = 0;
    let blocked = 0;
    do {
      const outcome = this.#execute(part, options.decisions);
      executions += 1;
      if (outcome === 'blocked') blocked += 1;
      const classes = part.notes.classes.length / 2;
      const kernelEvents = director.mostEvents;
      onExecution({ executions, classes, blocked, states: part.size, kernelEvents });
      if (outcome === 'failed' || part.claims?.isFull === true)
        return { end: 'failed', executions };
      if (executions >= options.most && director.hasMore(options.mostEvents))
        return { end: 'too-long', executions };
    } while (director.advance(options.mostEvents));
    return { end: 'all', executions };
  }

  /** Takes out all paths with so many kernel events that were not taken, dealt out to so many trees. */
  takeOut(events: number, treesFor: (paths: number) => number): PackedPaths[] {
    return this.#director.takeOut(events, treesFor);
  }

  #execute(part: NotedPart, decisions: number): 'cut' | 'ended' | 'blocked' | 'failed' {
    this.tracker.reset();
    const { result, findings } = this.#runner.run(this.#director, { decisions });
    part.finish();
    // What a thread that spins waits for conflicts with more than its next step, which is all that sleeps.
    const spins = this.#runner.spins!.hasFound;
    if (findings.length > 0 || result.outcome === 'limit' || spins) return 'failed';
    if (result.outcome === 'finished') {
      this.tracker.compute();
      part.noteClass(this.tracker.low, this.tracker.high);
      return 'ended';
    }
    if (result.outcome !== 'stuck' || this.#director.cut) return 'cut';
    part.noteBlocked();
    return 'blocked';
  }
}
