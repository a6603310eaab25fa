import { MachineError } from '../base/machine-error.js';
import { decisionKind, decisionX, decisionY, encodeDecision } from './decision.js';
import type { Decision, DecisionKind } from './decision.js';

const LONG_X = 15;
const REPEAT_KIND = 15;

/**
 * Packs a list of decisions into bytes, about two a decision.
 *
 * | byte                          | then                                             |
 * |-------------------------------|--------------------------------------------------|
 * | kind in bits 7..4, x in 3..0  | x as varint when bits 3..0 are 15; y as varint    |
 * | 0xf0                          | varint n: the decision before, n more times      |
 */
export function packDecisions(decisions: ArrayLike<number>): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < decisions.length; i++) {
    const decision = decisions[i]! as Decision;
    const x = decisionX(decision);
    bytes.push((decisionKind(decision) << 4) | Math.min(x, LONG_X));
    if (x >= LONG_X) pushVarint(bytes, x);
    pushVarint(bytes, decisionY(decision));
    let repeats = 0;
    while (decisions[i + 1] === decision) {
      repeats += 1;
      i += 1;
    }
    if (repeats > 0) {
      bytes.push(REPEAT_KIND << 4);
      pushVarint(bytes, repeats);
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * Unpacks what {@link packDecisions} made.
 *
 * @throws MachineError `ERR_TOKEN` when the bytes are cut or no such packing
 */
export function unpackDecisions(bytes: Uint8Array, limit = 10_000_000): Uint32Array {
  const reader = new VarintReader(bytes);
  const decisions: number[] = [];
  while (!reader.atEnd()) {
    const head = reader.byte();
    const kind = head >>> 4;
    if (kind === REPEAT_KIND) {
      const previous = decisions[decisions.length - 1];
      const repeats = reader.varint();
      if (previous === undefined || repeats > limit - decisions.length) throw malformed();
      for (let i = 0; i < repeats; i++) decisions.push(previous);
      continue;
    }
    const short = head & 15;
    const x = short === LONG_X ? reader.varint() : short;
    const y = reader.varint();
    if (x > 0xfff || y > 0xffff) throw malformed();
    decisions.push(encodeDecision(kind as DecisionKind, x, y));
  }
  return Uint32Array.from(decisions);
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
}

function malformed(): MachineError {
  return new MachineError('ERR_TOKEN', 'expected a list of decisions, got bytes that are not one');
}

class VarintReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw malformed();
    this.#position += 1;
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw malformed();
  }
}
