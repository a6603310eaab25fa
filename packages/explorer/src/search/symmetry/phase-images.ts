import { decisionOf } from '../states/decision-lists.js';
import type { DecisionList } from '../states/decision-lists.js';
import type { MovingState } from '../states/moving-state.js';
import type { MachineProbe, PhasePlace, ProbedTransition } from '../states/machine-probe.js';
import { Asymmetry } from './asymmetry.js';
import type { KnownPaths } from './known-paths.js';
import type { StateImages, WordPair } from './state-images.js';

/** A phase that the machine carried out. */
export interface CarriedPhase {
  /** A decision, or how a CPU settles. */
  readonly phase: number;
  /** The state in which it began. */
  readonly words: Int32Array;
  readonly transition: ProbedTransition;
  /** Its leaf of the memo. */
  readonly leaf: number;
  place(): PhasePlace;
}

/** What the machine carried out in a state: another of its threads may be in each place. */
interface Side {
  readonly words: Int32Array;
  /** What was there behind it, memory apart. */
  readonly after: Int32Array;
  readonly transition: ProbedTransition;
}

/**
 * Carries out what a search has carried out once more for all permutations of interchangeable threads, and makes
 * sure that the same becomes of them: then what is reached from a state's image is the image of what is reached
 * from the state.
 */
export class PhaseImages {
  readonly #probe: MachineProbe;
  readonly #images: StateImages;
  readonly #paths: KnownPaths;
  readonly #seen = new Set<DecisionList>();

  constructor(probe: MachineProbe, images: StateImages, paths: KnownPaths) {
    this.#probe = probe;
    this.#images = images;
    this.#paths = paths;
  }

  /** Mirrors a phase. @throws Asymmetry where something else becomes of other threads */
  mirror(carried: CarriedPhase): void {
    const { leaf, transition, words } = carried;
    const after = this.#images.parts.present.slice();
    const side = { words, after, transition };
    const answers = [transition.answers];
    const { count } = this.#images.permutations;
    for (let p = 1; p < count; p++) answers.push(this.#mirror(p, carried, side));
    const asked = transition.answers.length > 0;
    this.#paths.note(leaf, { effects: transition.effects, answers: asked ? answers : [] });
  }

  /** Makes sure that of a state's images the same is possible. @throws Asymmetry where it is not */
  mirrorList(list: DecisionList, state: MovingState, path: () => readonly number[]): void {
    if (this.#seen.has(list)) return;
    this.#seen.add(list);
    const words = state.words();
    const { permutations } = this.#images;
    const decisions = Array.from({ length: list.count }, (_, i) => decisionOf(list, i));
    for (let p = 1; p < permutations.count; p++) {
      const image = this.#images.words(p, words);
      this.#probe.goTo(image, () => ({
        path: this.#paths.path(p, path()),
        decision: 0,
        answers: [],
        phases: 0,
      }));
      const expected = decisions.map((one) => permutations.decision(p, one)).sort();
      const possible = [...this.#probe.possible()].map((one) => one >>> 0).sort();
      if (possible.join() !== expected.join())
        throw new Asymmetry('something that is possible for one thread alone');
    }
  }

  /** Paths to the other images of a state. */
  *otherPaths(words: Int32Array, path: readonly number[]): Generator<readonly number[]> {
    const { length } = this.#images.parts.base;
    const seen = new Set([words.subarray(0, length).join()]);
    for (let p = 1; p < this.#images.permutations.count; p++) {
      const image = this.#images.words(p, words).subarray(0, length).join();
      if (seen.has(image)) continue;
      seen.add(image);
      yield this.#paths.path(p, path);
    }
  }

  /** Finds the answers by which the image of a phase comes about. */
  #mirror(permutation: number, { phase, place }: CarriedPhase, side: Side): readonly number[] {
    const decision = this.#images.permutations.decision(permutation, phase);
    const where = (): PhasePlace => this.#paths.place(permutation, place());
    let answers: readonly number[] | undefined = [];
    let first: string | undefined;
    while (answers !== undefined) {
      const words = this.#images.words(permutation, side.words);
      const transition = this.#probe.carryOut(decision, answers, words, where);
      const other = { words, transition, after: this.#images.parts.present };
      const difference = this.#difference(permutation, side, other);
      if (difference === undefined) {
        for (const pair of this.#pairs(permutation, side, other))
          this.#images.learn(permutation, pair);
        return transition.answers;
      }
      first ??= difference;
      answers = nextAnswers(transition);
    }
    throw new Asymmetry(first);
  }

  /** What tells two sides apart, threads in each other's places aside; undefined where nothing does. */
  #difference(permutation: number, side: Side, other: Side): string | undefined {
    const images = this.#images;
    const { permutations } = images;
    const { layout, kernel } = images.parts;
    const { transition, after } = side;
    if (other.transition.isFinding) return 'something that is found of one thread alone';
    if (other.transition.questions.join() !== transition.questions.join())
      return 'a choice that comes up for one thread alone';
    if (other.transition.thread !== permutations.place(permutation, transition.thread))
      return 'a step that is plain for one thread alone';
    for (let cpu = 0; cpu < layout.cpus; cpu++) {
      const had = permutations.place(permutation, kernel.current(after, cpu));
      if (kernel.current(other.after, cpu) !== had) return 'a CPU that another thread gets';
    }
    const inKernel = permutations.bits(permutation, kernel.inKernel(after[layout.kernel]!));
    if (kernel.inKernel(other.after[layout.kernel]!) !== inKernel)
      return 'a thread that alone is in the kernel';
    if (other.after[layout.marks] !== after[layout.marks]) return 'a CPU that is interrupted';
    for (let slot = layout.common; slot < layout.memory; slot++) {
      const to = images.slot(permutation, slot);
      const isChanged = after[slot] !== side.words[slot];
      if (isChanged !== (other.after[to] !== other.words[to]) && !this.#isStale(slot, after))
        return 'a thread that alone is changed';
    }
    if (!this.#isSame(permutation, side, other)) return 'a thread that alone waits or ends';
    const reads = this.#memory(transition.reads, 1);
    const toReads = this.#memory(other.transition.reads, 1);
    const writes = this.#memory(transition.effects, 2);
    const toWrites = this.#memory(other.transition.effects, 2);
    if (reads.length !== toReads.length || writes.length !== toWrites.length)
      return 'memory that one thread alone accesses';
    const known = transition.reads.filter((slot) => slot < layout.memory);
    const expected = known.map((slot) => images.slot(permutation, slot)).sort();
    const got = other.transition.reads.filter((slot) => slot < layout.memory).sort();
    if (expected.join() !== got.join()) return 'something that matters to one thread alone';
    for (const pair of this.#pairs(permutation, side, other))
      if (!images.agrees(permutation, pair)) return images.describe(pair);
    return undefined;
  }

  /** Words that correspond. */
  #pairs(permutation: number, side: Side, other: Side): WordPair[] {
    const images = this.#images;
    const { layout, base } = images.parts;
    const pairs: WordPair[] = [];
    for (let slot = layout.common; slot < layout.memory; slot++) {
      if (this.#isStale(slot, side.after)) continue;
      const toSlot = images.slot(permutation, slot);
      pairs.push({ slot, value: side.after[slot]!, toSlot, toValue: other.after[toSlot]! });
    }
    pairs.push(...this.#awaited(permutation, side, other));
    const pair = (slot: number, value: number, toSlot: number, toValue: number): void => {
      pairs.push({ slot, value: base[slot]!, toSlot, toValue: base[toSlot]! });
      pairs.push({ slot, value, toSlot, toValue });
    };
    const toReads = this.#memory(other.transition.reads, 1);
    for (const [i, slot] of this.#memory(side.transition.reads, 1).entries())
      pair(slot, side.words[slot]!, toReads[i]!, other.words[toReads[i]!]!);
    const toWrites = this.#memory(other.transition.effects, 2);
    for (const [i, slot] of this.#memory(side.transition.effects, 2).entries()) {
      const toSlot = toWrites[i]!;
      const { effects } = side.transition;
      const { effects: toEffects } = other.transition;
      pair(slot, valueOf(effects, slot), toSlot, valueOf(toEffects, toSlot));
    }
    return pairs;
  }

  /** What threads wait for: the words, and what they hold as long as the threads do. */
  #awaited(permutation: number, side: Side, other: Side): WordPair[] {
    const { parts, permutations } = this.#images;
    const { layout, threads, base } = parts;
    const pairs: WordPair[] = [];
    for (let thread = 0; thread < layout.threads; thread++) {
      const facts = threads.facts[side.after[layout.thread(thread)]!]!;
      const to = permutations.place(permutation, thread);
      const toFacts = threads.facts[other.after[layout.thread(to)]!]!;
      if (facts.awaits < 0 || toFacts.awaits < 0) continue;
      const slot = parts.slotOfWord(facts.awaits);
      const toSlot = parts.slotOfWord(toFacts.awaits);
      if (slot < 0 || toSlot < 0) continue;
      pairs.push({ slot, value: base[slot]!, toSlot, toValue: base[toSlot]! });
      pairs.push({ slot, value: facts.value, toSlot, toValue: toFacts.value });
    }
    return pairs;
  }

  /** Whether threads are about to do the same, as far as lists of what is possible tell it apart. */
  #isSame(permutation: number, side: Side, other: Side): boolean {
    const { parts, permutations } = this.#images;
    const { layout, threads } = parts;
    for (let thread = 0; thread < layout.threads; thread++) {
      const facts = threads.facts[side.after[layout.thread(thread)]!]!;
      const to = layout.thread(permutations.place(permutation, thread));
      const toFacts = threads.facts[other.after[to]!]!;
      if (facts.kind !== toFacts.kind || facts.awaits < 0 !== toFacts.awaits < 0) return false;
    }
    return true;
  }

  /** Slots of memory among words of which every `stride`th is a slot, in the order of accesses. */
  #memory(words: readonly number[], stride: number): number[] {
    const { memory } = this.#images.parts.layout;
    return words.filter((slot, i) => i % stride === 0 && slot >= memory);
  }

  /** Whether a slot is of how a thread came into the kernel that is not there. */
  #isStale(slot: number, words: Int32Array): boolean {
    const { layout, kernel } = this.#images.parts;
    const thread = slot - layout.entry(0);
    if (thread < 0 || slot >= layout.memory) return false;
    return ((kernel.inKernel(words[layout.kernel]!) >>> thread) & 1) === 0;
  }
}

function valueOf(effects: readonly number[], slot: number): number {
  for (let at = 0; at < effects.length; at += 2) if (effects[at] === slot) return effects[at + 1]!;
  return 0;
}

/** The answers that come behind those that were given; undefined where those were the last. */
function nextAnswers({ questions, answers }: ProbedTransition): readonly number[] | undefined {
  for (let at = answers.length - 1; at >= 0; at--)
    if (answers[at]! + 1 < questions[at]!) return [...answers.slice(0, at), answers[at]! + 1];
  return undefined;
}
