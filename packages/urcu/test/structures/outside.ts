import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/**
 * Does what a thread would do, at once and from outside: before the threads start, or behind their end.
 *
 * @throws Error where it would have to wait
 */
export function doneOutside<Result>(
  process: Process,
  act: (t: Thread) => Operation<Result>,
): Result {
  const read = (address: number): number => process.read32(address);
  const write = (address: number, value: number): void => {
    process.write32(address, value);
  };
  const update = (address: number, change: (before: number) => number): number => {
    const before = read(address);
    write(address, change(before));
    return before;
  };
  const expected = (isMet: boolean, value: number): number => {
    if (!isMet) throw new Error(`expected nothing to wait for, got ${value}`);
    return value;
  };
  const accesses = {
    id: 0,
    load: operation(read),
    loadAcquire: operation(read),
    store: operation(write),
    storeRelease: operation(write),
    exchange: operation((address: number, value: number) => update(address, () => value)),
    fetchAdd: operation((address: number, by: number) => update(address, (old) => old + by)),
    fetchOr: operation((address: number, bits: number) => update(address, (old) => old | bits)),
    compareExchange: operation((address: number, wanted: number, value: number) =>
      update(address, (old) => (old === wanted ? value : old)),
    ),
    waitUntilEqual: operation((address: number, value: number) =>
      expected(read(address) === value, read(address)),
    ),
    waitUntilNotEqual: operation((address: number, value: number) =>
      expected(read(address) !== value, read(address)),
    ),
    fence: operation(() => undefined),
  };
  const { done, value } = act(accesses as unknown as Thread).next();
  if (done !== true) throw new Error('expected an operation that ends at once, got one that waits');
  return value;
}

function operation<Parameters extends readonly unknown[], Result>(
  access: (...parameters: Parameters) => Result,
): (...parameters: Parameters) => Operation<Result> {
  // An operation that is made at once yields to nobody.
  return function* made(...parameters) {
    return access(...parameters);
  };
}
