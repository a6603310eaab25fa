import type { LitmusLayout } from '../litmus/litmus-layout.js';

/** More bits than this do not fit a word. */
const MOST_BITS = 31;

/** What threads can get in each other's way at, as bits: locations, and the sections of domains. */
export class Resources {
  /** All locations of the test. */
  readonly locations: number;
  readonly #start: number;
  readonly #strideBytes: number;
  readonly #count: number;
  readonly #threads: number;
  readonly #domains: readonly number[];

  /**
   * @param domains - addresses of SRCU domains
   * @param strideBytes - how far apart the locations lie
   */
  constructor(
    layout: LitmusLayout,
    strideBytes: number,
    threads: number,
    domains: readonly number[],
  ) {
    this.#start = Math.min(...layout.values());
    this.#strideBytes = strideBytes;
    this.#count = layout.size;
    this.#threads = threads;
    this.#domains = domains;
    this.locations = (1 << this.#count) - 1;
  }

  /** Whether there are not too many of them. */
  get fit(): boolean {
    return this.#count + (this.#domains.length + 1) * (this.#threads + 1) <= MOST_BITS;
  }

  /** The location at an address; 0 when none is there. */
  locationAt(address: number): number {
    const index = Math.floor((address - this.#start) / this.#strideBytes);
    return index >= 0 && index < this.#count ? 1 << index : 0;
  }

  /** The sections of a domain that one thread begins and ends; without a domain, those of RCU. */
  sections(thread: number, domain?: number): number {
    return 1 << (this.#first(domain) + thread);
  }

  /** All sections of a domain, those that any thread may end included. */
  allSections(domain?: number): number {
    return ((1 << (this.#threads + 1)) - 1) << this.#first(domain);
  }

  /** The sections of a domain that any thread may end. */
  sharedSections(domain?: number): number {
    return this.sections(this.#threads, domain);
  }

  #first(domain: number | undefined): number {
    const index = domain === undefined ? 0 : this.#domains.indexOf(domain) + 1;
    return this.#count + index * (this.#threads + 1);
  }
}
