import type { StepFunction } from '../isa/compiler.js';

/** The functions that threads run by at small budgets, by the word of the text segment they are at. */
export class StepTable {
  /** Address of word 0. */
  readonly textBase: number;
  /** By word; undefined, or beyond the end: none. Always the same array, which executors capture. */
  readonly functions: (StepFunction | undefined)[] = [];

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

  /** Leaves what lies in a range to the interpreter. */
  remove(from: number, to: number): void {
    const end = Math.min(this.#wordOf(to), this.functions.length);
    for (let word = this.#wordOf(from); word < end; word++) this.functions[word] = undefined;
  }

  #wordOf(address: number): number {
    return (address - this.textBase) >> 2;
  }
}
