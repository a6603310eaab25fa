/**
 * What rseq did, by the names of the kernel's counters. A host makes one, gives it to
 * {@link RseqOptions.stats} and reads it; a reset of the machine puts it back to zero.
 *
 * | counter | counts                                                                        |
 * |---------|-------------------------------------------------------------------------------|
 * | exit    | returns to user mode of registered threads that pass through the module        |
 * | signal  | signals before whose frame a section was looked at                             |
 * | slowp   | updates on the slow path: all before v6.19, then those that met a page fault   |
 * | fastp   | updates on the fast path, of v6.19 and later                                   |
 * | ids     | times that the ids were written                                                |
 * | cs      | armed sections that were looked at                                             |
 * | clear   | such as the thread was outside of, and that were disarmed                      |
 * | fixup   | such as were aborted                                                           |
 * | sgrant  | slice extensions granted                                                       |
 * | sexpir  | such as ran out                                                                |
 * | srevok  | such as were taken back                                                        |
 * | syield  | such as ended by rseq_slice_yield                                              |
 * | sabort  | such as ended by another system call                                           |
 *
 * In Linux `exit` counts every return to user mode; here interrupts that leave nothing to do are not
 * seen by modules.
 *
 * @source kernel/rseq.c (rseq_stats_show), debugfs rseq/stats
 */
export class RseqStats {
  exit = 0;
  signal = 0;
  slowp = 0;
  fastp = 0;
  ids = 0;
  cs = 0;
  clear = 0;
  fixup = 0;
  sgrant = 0;
  sexpir = 0;
  srevok = 0;
  syield = 0;
  sabort = 0;

  /** Everything back to zero. */
  reset(): void {
    this.exit = this.signal = this.slowp = this.fastp = 0;
    this.ids = this.cs = this.clear = this.fixup = 0;
    this.sgrant = this.sexpir = this.srevok = this.syield = this.sabort = 0;
  }

  /** As debugfs shows them, a line each. */
  toString(): string {
    return Object.entries(this)
      .map(([name, count]) => `${`${name}:`.padEnd(8)}${String(count).padStart(16)}\n`)
      .join('');
  }
}
