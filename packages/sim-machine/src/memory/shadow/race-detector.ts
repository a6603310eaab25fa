import { AccessKind, writes } from '../access-kind.js';
import { FenceKind, MemoryOrder } from '../memory-port.js';
import { PAGE_WORDS } from '../page.js';
import { AccessMarks } from './access-marks.js';
import type { AccessPlace } from './access-place.js';
import { AccessRecords, AccessTrait, NO_RECORD } from './access-records.js';
import { HappensBefore } from './happens-before.js';
import type { ShadowAccess } from './shadow-access.js';

/** Two accesses to the same bytes, of which one writes, which nothing orders. */
export interface RaceFinding {
  readonly finding: 'data-race';
  /** The access that came first in this run. */
  readonly first: AccessPlace;
  readonly second: AccessPlace;
}

/**
 * Finds data races by happens-before: every pair that is reported is unordered in this run, whether
 * or not it did harm.
 *
 * Accesses conflict when they share a byte and one writes; they race unless synchronisation orders
 * them (see HappensBefore) or both are marked (see AccessMarks). Each pair of instructions is
 * reported once a run.
 *
 * Under a model that buffers stores, an acquire that executes between a release store and its
 * becoming visible is taken to have read it; races behind such an acquire are found in the runs in
 * which it executes earlier.
 */
export class RaceDetector {
  /** Which accesses do not race with each other. */
  readonly marks: AccessMarks = new AccessMarks();
  readonly #order = new HappensBefore();
  readonly #records = new AccessRecords();
  readonly #findings: RaceFinding[] = [];
  readonly #reported = new Set<string>();
  readonly #limit: number;

  /**
   * Made by {@link ShadowState}.
   *
   * @param limit findings to keep; at least 1
   * @internal
   */
  constructor(limit = 100) {
    this.#limit = limit;
  }

  /** The races of the run, in the order in which they happened. */
  get findings(): readonly RaceFinding[] {
    return this.#findings;
  }

  /** The thread takes what guards the object: a lock, the end of another thread. */
  acquire(thread: number, object: number): void {
    this.#order.acquire(thread, object);
  }

  /** The thread gives up what guards the object. */
  release(thread: number, object: number): void {
    this.#order.release(thread, object);
  }

  /** A thread starts; it knows all that its creator knows. */
  threadStarted(creator: number, thread: number): void {
    this.#order.order(creator, thread);
  }

  /** A thread learns that another has ended. */
  threadJoined(waiter: number, ended: number): void {
    this.#order.order(ended, waiter);
  }

  /** The thread executed a fence, or a membarrier reached it. */
  fence(kind: FenceKind, thread: number): void {
    this.#order.fence(thread, kind !== FenceKind.Write, kind !== FenceKind.Read);
  }

  /** Looks at an access. @internal */
  access(access: ShadowAccess): void {
    const marked = this.marks.isMarked(access);
    const end = access.physical + access.size;
    for (let word = access.physical >> 2; word << 2 < end; word++) {
      const skip = Math.max(access.physical - (word << 2), 0);
      const bytes = Math.min(end - (word << 2), 4) - skip;
      this.#accessWord(access, word, ((1 << bytes) - 1) << skip, marked);
    }
    this.#synchronise(access, marked);
  }

  /** The words of one frame now also stand in another. */
  frameCopied(from: number, to: number): void {
    for (let word = 0; word < PAGE_WORDS; word++) {
      this.#records.copyWord(from * PAGE_WORDS + word, to * PAGE_WORDS + word);
      this.#order.moveWord(from * PAGE_WORDS + word, to * PAGE_WORDS + word);
    }
  }

  /** The words of a frame are gone. */
  frameFreed(frame: number): void {
    for (let word = 0; word < PAGE_WORDS; word++) {
      this.#records.forgetWord(frame * PAGE_WORDS + word);
      this.#order.forgetWord(frame * PAGE_WORDS + word);
    }
  }

  /** Forgets the run; marks stay. */
  reset(): void {
    this.#order.reset();
    this.#records.reset();
    this.#findings.length = 0;
    this.#reported.clear();
  }

  #accessWord(access: ShadowAccess, word: number, bytes: number, marked: boolean): void {
    const records = this.#records;
    const list = records.list(word);
    const write = writes(access.kind);
    let previous: number = NO_RECORD;
    let record = records.first(list);
    while (record !== NO_RECORD) {
      const next = records.next(record);
      const traits = records.traits(record);
      const ordered =
        records.thread(record) === access.thread ||
        this.#order.isOrdered(records.thread(record), records.epoch(record), access.thread);
      const overlap = (traits & bytes) !== 0;
      const conflict = overlap && (write || (traits & AccessTrait.Write) !== 0);
      const bothMarked = marked && (traits & AccessTrait.Marked) !== 0;
      if (conflict && !ordered && !bothMarked) this.#report(record, access);
      if (ordered && replaces(traits, bytes, write, marked)) records.remove(list, record, previous);
      else previous = record;
      record = next;
    }
    const traits =
      bytes |
      (write ? AccessTrait.Write : 0) |
      (marked ? AccessTrait.Marked : 0) |
      (access.kernel ? AccessTrait.Kernel : 0);
    records.add(list, access, this.#order.epoch(access.thread), traits);
  }

  #synchronise(access: ShadowAccess, marked: boolean): void {
    const word = access.physical >> 2;
    switch (access.kind) {
      case AccessKind.Load:
        if (marked) this.#order.loaded(access.thread, word, access.order === MemoryOrder.Acquire);
        return;
      case AccessKind.Store:
        this.#order.stored(access.thread, word, access.order === MemoryOrder.Release, marked);
        return;
      case AccessKind.FailedUpdate:
        this.#order.loaded(access.thread, word, true);
        this.#order.fence(access.thread, true, true);
        return;
      case AccessKind.Update:
        this.#order.updated(access.thread, word);
    }
  }

  #report(record: number, access: ShadowAccess): void {
    if (this.#findings.length >= this.#limit) return;
    const first = this.#records.place(record);
    const second = access.place();
    const pair = `${first.ip} ${first.kind} ${second.ip} ${second.kind} ${access.physical >> 2}`;
    if (this.#reported.has(pair)) return;
    this.#reported.add(pair);
    this.#findings.push({ finding: 'data-race', first, second });
  }
}

/**
 * Whether an access makes an earlier one, which is ordered before it, needless to remember: whatever
 * races with the earlier one and comes later races with this one too.
 */
function replaces(traits: number, bytes: number, write: boolean, marked: boolean): boolean {
  if ((traits & AccessTrait.Bytes & ~bytes) !== 0) return false;
  if (!write && (traits & AccessTrait.Write) !== 0) return false;
  return !marked || (traits & AccessTrait.Marked) !== 0;
}
