/** Tells who is the first to come to a state. */
export interface ClaimTable {
  /** Adds a fingerprint; false when it was there already. */
  add(low: number, high: number): boolean;
  /** Whether there was no place for a fingerprint, or for a ticket: from then on nothing is told apart any more. */
  readonly isFull?: boolean;
}

/** Places of the last table, and of the first: memory that is not used is not taken. */
const PLACES = 1 << 24;
const FIRST_PLACES = 1 << 15;

/** How much larger each table is than the one before. */
const GROWTH = 16;

/** Places of a table that are looked at for a fingerprint before the next table is, or before it counts as full. */
const PROBES = 16;
const LAST_PROBES = 1 << 12;

/** Looks at a place whose second word is missing before it counts as another fingerprint's. */
const MOST_LOOKS = 1 << 20;

/** Words before the tables, and which of them say what. */
const HEADER = 256;
const Word = { Revoked: 0, Places: 1, FirstTicket: 2 } as const;

/** Tickets that can be revoked: units whose worker died, of which there are few. */
const MOST_REVOKED = HEADER - Word.FirstTicket;

const LANES = 3;
const Lane = { High: 1, Ticket: 2 } as const;

/**
 * States that several threads search together: each is claimed by the first that comes to it, and left
 * to it by all others.
 *
 * | words      | holds                                                                                     |
 * | ---------- | ----------------------------------------------------------------------------------------- |
 * | 0          | how many tickets are revoked                                                              |
 * | 1          | places of the last table                                                                  |
 * | 2 to 255   | the tickets that are revoked                                                              |
 * | 256 and on | tables of places: the two words of a fingerprint, never 0, and the ticket of who has it   |
 *
 * Invariant: the places where a fingerprint can be are looked at in one order, and none becomes free: so
 * all who look for it come to the same one. A small table comes first, so that few states take little memory.
 *
 * What belongs to a revoked ticket can be claimed again: who claimed it died before it told what it met.
 */
export class Claims implements ClaimTable {
  isFull = false;
  readonly #words: Int32Array;
  /** Of every table: its places less one. */
  readonly #masks: readonly number[];
  #ticket = 0;

  /** @param memory of {@link Claims.memory} */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#masks = tablesOf(this.#words[Word.Places]!).map((places) => places - 1);
  }

  /**
   * Memory for claims, to be handed to all who search.
   *
   * @param places - of the last table, a power of two
   */
  static memory(places: number = PLACES): SharedArrayBuffer {
    const all = tablesOf(places).reduce((sum, one) => sum + one);
    const memory = new SharedArrayBuffer((HEADER + all * LANES) * Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(memory)[Word.Places] = places;
    return memory;
  }

  /** From now on claims are made with this ticket, a number from 1 on that nobody else has; 0 is nobody's. */
  begin(ticket: number): void {
    this.#ticket = ticket;
  }

  /** Gives up what was claimed with a ticket; called by one thread. */
  revoke(ticket: number): void {
    const count = Atomics.load(this.#words, Word.Revoked);
    if (count < MOST_REVOKED) this.#words[Word.FirstTicket + count] = ticket;
    Atomics.store(this.#words, Word.Revoked, count + 1);
  }

  add(low: number, high: number): boolean {
    const first = low === 0 ? 1 : low;
    const second = high === 0 ? 1 : high;
    const start = first ^ (first >>> 15) ^ second;
    let table = HEADER;
    const last = this.#masks.length - 1;
    for (let i = 0; i <= last; i++) {
      const mask = this.#masks[i]!;
      const probes = i === last ? LAST_PROBES : PROBES;
      for (let probe = 0; probe < probes; probe++) {
        const claimed = this.#addAt(table + ((start + probe) & mask) * LANES, first, second);
        if (claimed !== undefined) return claimed;
      }
      table += (mask + 1) * LANES;
    }
    this.isFull = true;
    return true;
  }

  /** Whether a fingerprint could be claimed at a place; undefined where that holds another. */
  #addAt(at: number, first: number, second: number): boolean | undefined {
    const words = this.#words;
    let found = Atomics.load(words, at);
    if (found === 0) {
      found = Atomics.compareExchange(words, at, 0, first);
      if (found === 0) {
        Atomics.store(words, at + Lane.Ticket, this.#ticket);
        Atomics.store(words, at + Lane.High, second);
        return true;
      }
    }
    return found === first && this.#secondAt(at) === second ? this.#takesOver(at) : undefined;
  }

  /** The second word of a place, once whoever has claimed it has written it. */
  #secondAt(at: number): number {
    let second = 0;
    for (let look = 0; look < MOST_LOOKS && second === 0; look++)
      second = Atomics.load(this.#words, at + Lane.High);
    return second;
  }

  /** Takes a place over from a ticket that was revoked; false where it belongs to another. */
  #takesOver(at: number): boolean {
    const words = this.#words;
    const revoked = Atomics.load(words, Word.Revoked);
    if (revoked === 0) return false;
    // Nobody knows any more whose claims are revoked.
    if (revoked > MOST_REVOKED) return (this.isFull = true);
    const ticket = Atomics.load(words, at + Lane.Ticket);
    for (let i = 0; i < revoked; i++)
      if (words[Word.FirstTicket + i] === ticket)
        return Atomics.compareExchange(words, at + Lane.Ticket, ticket, this.#ticket) === ticket;
    return false;
  }
}

/** Places of every table, of which the last has so many. */
function tablesOf(places: number): number[] {
  const tables: number[] = [];
  for (let one = Math.min(places, FIRST_PLACES); one < places; one *= GROWTH) tables.push(one);
  return [...tables, places];
}
