import { setImmediate } from 'node:timers/promises';

/** Characters that are written at once. */
const PAGE = 1 << 16;

/**
 * Text that is written by pages, so that a long one takes no more memory than a short one, and ends when its
 * reader has seen enough.
 */
export class PagedOutput {
  readonly #out: (text: string) => void;
  #page = '';

  constructor(out: (text: string) => void) {
    this.#out = out;
  }

  /** Adds text. @returns whether {@link flush} is due */
  add(text: string): boolean {
    this.#page += text;
    return this.#page.length >= PAGE;
  }

  /** Writes what was added, and lets the world answer: errors of the output, signals. */
  async flush(): Promise<void> {
    if (this.#page !== '') this.#out(this.#page);
    this.#page = '';
    await setImmediate();
  }
}
