import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '../rcu-flavour.js';
import { putSection, takeSection } from './handed-section.js';
import type { OpenSections } from './open-sections.js';
import type { RcuToken } from './rcu-token.js';

/** What flavours have in common whose readers count by CPU: threads need not be known. */
export abstract class PerCpuFlavour implements RcuFlavour {
  abstract readonly name: string;
  /** Which threads are in which sections. @internal */
  protected readonly sections: OpenSections;

  constructor(sections: OpenSections) {
    this.sections = sections;
  }

  /** See {@link RcuFlavour.readLock}. */
  abstract readLock(t: Thread): Operation<RcuToken>;

  /** See {@link RcuFlavour.readUnlock}. */
  abstract readUnlock(t: Thread, token: RcuToken): Operation<void>;

  /** See {@link RcuFlavour.synchronize}. */
  abstract synchronize(t: Thread): Operation<void>;

  /**
   * Whether the calling thread is in a read section; takes no step.
   *
   * @throws UrcuError `ERR_TOKEN` for a domain whose sections anybody may leave
   * @source liburcu, rcu_read_ongoing
   */
  *readOngoing(t: Thread): Operation<boolean> {
    return this.sections.isInside(t);
  }

  /**
   * Hands a section to whoever takes it over: what was read in it may be used until that one leaves it.
   *
   * @param word holds 0; is stored to as by a release
   * @throws UrcuError `ERR_TOKEN` when the calling thread is in no section with that token
   */
  handOver(t: Thread, token: RcuToken, word: number): Operation<void> {
    this.sections.leave(t, token);
    return putSection(t, token, word);
  }

  /**
   * Takes a section that was handed over, which is the calling thread's from then on. The word holds 0 behind it.
   *
   * @throws UrcuError `ERR_TOKEN` when there is none in the word, or none any more
   */
  *takeOver(t: Thread, word: number): Operation<RcuToken> {
    const token = yield* takeSection(t, word);
    this.sections.enter(t, token);
    return token;
  }

  /** Nothing: readers of this flavour need not be known. */
  *registerThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing. */
  *unregisterThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *quiescentState(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOffline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOnline(_t: Thread): Operation<void> {
    // As said.
  }
}
