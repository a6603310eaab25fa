/**
 * An array of `length` words, all 0, that stays where it is.
 *
 * Typed arrays of up to 64 bytes are part of V8's heap, whose objects move, so that optimized code has to look up
 * where they are. Over a buffer of its own an array has one address, which code that captures it holds.
 */
export function steadyWords(length: number): Int32Array {
  return new Int32Array(new ArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** The same for numbers. */
export function steadyNumbers(length: number): Float64Array {
  return new Float64Array(new ArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
