import type { Machine, Process } from '@rseqlab/sim-machine';
import { initializeAreas } from '../thread-area.js';
import { addv } from './addv.js';
import { cmpeqvCmpeqvStorev } from './cmpeqv-cmpeqv-storev.js';
import { cmpeqvStorev } from './cmpeqv-storev.js';
import { cmpeqvTrymemcpyStorev } from './cmpeqv-trymemcpy-storev.js';
import { cmpeqvTrystorevStorev } from './cmpeqv-trystorev-storev.js';
import { cmpnevStoreoffpLoad } from './cmpnev-storeoffp-load.js';
import { offsetDerefAddv } from './offset-deref-addv.js';
import type { PrimitiveDefinition } from './primitive-definition.js';
import { SectionPrimitive } from './section-primitive.js';
import type { Primitive, PrimitiveArguments, PrimitiveOptions } from './section-primitive.js';

/**
 * The per-CPU primitives of librseq, for one kind of index and one order of the committing store.
 *
 * | primitive               | does, at once or not at all                                        |
 * |-------------------------|--------------------------------------------------------------------|
 * | `cmpeqvStorev`          | compare v, store v                                                 |
 * | `cmpnevStoreoffpLoad`   | load v, compare unequal, store to v what lies at an offset from it |
 * | `addv`                  | add to v                                                           |
 * | `offsetDerefAddv`       | add to what a pointer at an offset points to                       |
 * | `cmpeqvTrystorevStorev` | compare v, store v2, store v                                       |
 * | `cmpeqvCmpeqvStorev`    | compare v and v2, store v                                          |
 * | `cmpeqvTrymemcpyStorev` | compare v, copy, store v                                           |
 *
 * Each is atomic among threads that have the same index, as the thread has the index `cpu` from the
 * beginning to the commit, or nothing is committed. All addresses are of data that belongs to this
 * index. Any number of threads may call at the same time; each has to be registered for rseq.
 *
 * @example
 * ```ts
 * const { addv } = PerCpuPrimitives.create(machine, process);
 * process.spawn(function* count(t) {
 *   let cpu;
 *   do cpu = yield* currentIndex(t, 'cpu_id');
 *   while ((yield* addv.run(t, counters + 64 * cpu, 1, cpu)).outcome !== PrimitiveOutcome.Committed);
 * });
 * ```
 */
export class PerCpuPrimitives {
  /** Compare and store. */
  readonly cmpeqvStorev: Primitive<[v: number, expect: number, newv: number, cpu: number]>;
  /** Load, compare unequal, and store what lies at an offset from what was loaded. */
  readonly cmpnevStoreoffpLoad: Primitive<
    [v: number, expectnot: number, voffp: number, cpu: number]
  >;
  /** Add. */
  readonly addv: Primitive<[v: number, count: number, cpu: number]>;
  /** Add to what a pointer points to. */
  readonly offsetDerefAddv: Primitive<[ptr: number, off: number, inc: number, cpu: number]>;
  /** Compare, and store two words. */
  readonly cmpeqvTrystorevStorev: Primitive<
    [v: number, expect: number, v2: number, newv2: number, newv: number, cpu: number]
  >;
  /** Compare two words, and store. */
  readonly cmpeqvCmpeqvStorev: Primitive<
    [v: number, expect: number, v2: number, expect2: number, newv: number, cpu: number]
  >;
  readonly #machine: Machine;
  readonly #options: PrimitiveOptions;

  private constructor(machine: Machine, options: PrimitiveOptions) {
    const install = <Args extends PrimitiveArguments>(
      definition: PrimitiveDefinition,
    ): Primitive<Args> => new SectionPrimitive(machine, definition, options);
    this.#machine = machine;
    this.#options = options;
    this.cmpeqvStorev = install(cmpeqvStorev);
    this.cmpnevStoreoffpLoad = install(cmpnevStoreoffpLoad);
    this.addv = install(addv);
    this.offsetDerefAddv = install(offsetDerefAddv);
    this.cmpeqvTrystorevStorev = install(cmpeqvTrystorevStorev);
    this.cmpeqvCmpeqvStorev = install(cmpeqvCmpeqvStorev);
  }

  /** Installs the primitives; before the threads that use them start. */
  static create(
    machine: Machine,
    process: Process,
    options: PrimitiveOptions = {},
  ): PerCpuPrimitives {
    initializeAreas(process);
    return new PerCpuPrimitives(machine, options);
  }

  /**
   * Compare, copy and store, for copies of one length; installs it.
   *
   * @param lengthBytes a multiple of 4 up to 1024
   * @throws RuntimeError `ERR_COPY_LENGTH` for another length
   */
  cmpeqvTrymemcpyStorev(
    lengthBytes: number,
  ): Primitive<[v: number, expect: number, dst: number, src: number, newv: number, cpu: number]> {
    const definition = cmpeqvTrymemcpyStorev(lengthBytes);
    return new SectionPrimitive(this.#machine, definition, this.#options);
  }
}
