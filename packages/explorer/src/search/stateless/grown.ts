/** A typed array that grows. */
type Growing = Int32Array | Uint32Array | Float64Array;

/** A copy of twice the length. */
export function grown<Kind extends Growing>(array: Kind): Kind {
  const larger = new (array.constructor as new (length: number) => Kind)(array.length * 2);
  larger.set(array);
  return larger;
}
