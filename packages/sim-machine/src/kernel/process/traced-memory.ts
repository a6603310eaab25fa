import type { AddressSpace } from '../../memory/address-space.js';
import { AreaKind } from '../../memory/area.js';
import type { HostAccess } from '../../memory/host-access.js';

/** Puts words into the machine's code, which all processes share. */
export interface TextPort {
  /** Replaces the instruction word at an address; false when that cannot be done. */
  patch(address: number, word: number): boolean;
}

/** Memory of a stopped thread, as its tracer reads and writes it. */
export class TracedMemory {
  /** The word that {@link peek} found. */
  value = 0;
  readonly #host: HostAccess;
  readonly #text: TextPort;

  constructor(host: HostAccess, text: TextPort) {
    this.#host = host;
    this.#text = text;
  }

  /** Reads a word into {@link value}, whatever the protection; false where nothing is mapped. */
  peek(space: AddressSpace, address: number): boolean {
    if (!isMapped(space, address)) return false;
    this.value = this.#host.read32(space, address);
    return true;
  }

  /** Writes a word, whatever the protection; false where nothing is mapped. */
  poke(space: AddressSpace, address: number, value: number): boolean {
    if (!isMapped(space, address)) return false;
    if (space.areas.find(address)!.kind === AreaKind.Text) return this.#text.patch(address, value);
    this.#host.write32(space, address, value);
    return true;
  }
}

function isMapped(space: AddressSpace, address: number): boolean {
  return space.areas.find(address) !== undefined && space.areas.find(address + 3) !== undefined;
}
