/** Lines of a stack trace that are this library's own. */
const OWN = /CheckedRcu|CheckedMutex|PlaceTable|\/urcu\/(?:src|dist)\//;

/** Where V8 has no place to tell. */
const UNKNOWN = 'an unknown place';

const LOCATION = /([^/\\\s(]+:\d+):\d+\)?$/;

/**
 * Places in a program's source, by number, so that a place fits in a word of simulated memory.
 *
 * A place is the program's code, not its state: a number means the same in every run of it.
 */
export class PlaceTable {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** Number, from 1, of the line of the program that called the library. */
  here(): number {
    const lines = (new Error().stack ?? '').split('\n').slice(1);
    const caller = lines.find((line) => !OWN.test(line) && LOCATION.test(line)) ?? '';
    const text = LOCATION.exec(caller)?.[1] ?? UNKNOWN;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** A place as people read it: `file.ts:12`. */
  text(number: number): string {
    return this.#texts[number - 1] ?? UNKNOWN;
  }
}
