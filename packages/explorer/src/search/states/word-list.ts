/** So few that words grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_WORDS = 1 << 3;

/** Words by number, from 0 on, that lie in one array: it grows, so nobody may keep it. */
export class WordList {
  /** The array; what is behind the words that were set is undefined. */
  words: Int32Array = new Int32Array(INITIAL_WORDS);
  /** How many words there are. */
  length = 0;

  /** Adds a word. */
  push(word: number): void {
    if (this.length === this.words.length) this.#grow();
    this.words[this.length++] = word;
  }

  /** Adds `word` until there are so many. */
  fill(length: number, word: number): void {
    while (this.length < length) this.push(word);
  }

  #grow(): void {
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }
}
