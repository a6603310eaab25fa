import type { StepFunction } from '../isa/compiler.js';

/** The functions that threads run by at small budgets, by the word of the text segment they are at. */
export class StepTable {
  /** Address of word 0. */
  readonly textBase: number;
  /** By word; undefined, or beyond the end: none. Always the same array, which executors capture. */
  readonly functions: (StepFunction | undefined)[] = [];
  /**
   * Word of the `syscall` instruction that threads come to at their end and by most system calls, which nobody has
   * to be asked about; -1 when it is not known to be one.
   */
  syscallWord = -1;

  constructor(textBase: number) {
    this.textBase = textBase;
  }

  /** Lets threads at these addresses run by a function. */
  add(addresses: readonly number[], run: StepFunction): void {
    for (const address of addresses) {
      const word = this.#wordOf(address);
      while (this.functions.length <= word) this.functions.push(undefined);
      this.functions[word] = run;
    }
  }

  /** Says that there is a `syscall` instruction at an address. */
  setSyscall(address: number): void {
    this.syscallWord = this.#wordOf(address);
  }

  /** Leaves what lies in a range to the interpreter. */
  remove(from: number, to: number): void {
    const first = this.#wordOf(from);
    const end = this.#wordOf(to);
    if (this.syscallWord >= first && this.syscallWord < end) this.syscallWord = -1;
    const known = Math.min(end, this.functions.length);
    for (let word = first; word < known; word++) this.functions[word] = undefined;
  }

  #wordOf(address: number): number {
    return (address - this.textBase) >> 2;
  }
}
