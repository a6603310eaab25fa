import { accumulate, fetchAdd, increment, load, store } from './straight-line.js';
import type { Initial, Program } from './straight-line.js';

/** Threads 0 to n - 1. */
function each<Item>(n: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

const storeBuffering = (n: number): Program => each(n, (i) => [store(i), load((i + 1) % n)]);
const messagePassing: Program = [
  [store(0), store(1)],
  [load(1), load(0)],
];
const loadBuffering: Program = [
  [load(0), store(1)],
  [load(1), store(0)],
];
const twoPlusTwoWrites: Program = [
  [store(0, 1), store(1, 2)],
  [store(1, 1), store(0, 2)],
];
const readers = (n: number): Program => [[store(0)], ...each(n, () => [load(0)])];
const writers = (n: number): Program => [...each(n, (i) => [store(0, i + 1)]), [load(0)]];
const racyIncrement = (n: number): Program => each(n, () => [increment(0)]);
const fetchAdds = (n: number): Program => each(n, () => [fetchAdd(0)]);
const fibonacci = (n: number): Program => [
  each(n, () => accumulate(0, 1)),
  each(n, () => accumulate(1, 0)),
];
const fibonacciWithChecker = (n: number): Program => [...fibonacci(n), [load(0), load(1)]];
const twoWriters = (n: number): Program => each(2, (i) => each(n, (k) => store(0, 10 * i + k + 1)));

/** A program, and how many classes it has under each model. */
type Row = readonly [
  name: string,
  program: Program,
  sc: number,
  tso: number,
  initial: Initial | undefined,
];

function row(name: string, program: Program, sc: number, tso: number = sc, initial?: Initial): Row {
  return [name, program, sc, tso, initial];
}

/** Classes that two tools, and for the small ones a brute-force enumerator, agree on. */
export const COUNTED_PROGRAMS: readonly Row[] = [
  row('SB(2)', storeBuffering(2), 3, 4),
  row('SB(3)', storeBuffering(3), 7, 8),
  row('SB(4)', storeBuffering(4), 15, 16),
  row('MP', messagePassing, 3, 3),
  row('LB', loadBuffering, 3, 3),
  row('2+2W', twoPlusTwoWrites, 3, 3),
  ...each(5, (i) => row(`readers(${i + 2})`, readers(i + 2), 2 ** (i + 2))),
  row('writers(2) + reader', writers(2), 6, 6),
  row('writers(3) + reader', writers(3), 24, 24),
  row('writers(4) + reader', writers(4), 120, 120),
  row('racy increment(2)', racyIncrement(2), 4, 4),
  row('racy increment(3)', racyIncrement(3), 36, 36),
  row('racy increment(4)', racyIncrement(4), 576, 576),
  row('fetch_add(2)', fetchAdds(2), 2, 2),
  row('fetch_add(3)', fetchAdds(3), 6, 6),
  row('fetch_add(4)', fetchAdds(4), 24, 24),
  row('fetch_add(5)', fetchAdds(5), 120, 120),
  row('fib(1)', fibonacci(1), 3, 3, [1, 1]),
  row('fib(2)', fibonacci(2), 19, 20, [1, 1]),
  row('fib(3)', fibonacci(3), 141, 175, [1, 1]),
  row('two writers x 2 stores', twoWriters(2), 6, 6),
  row('two writers x 3 stores', twoWriters(3), 20, 20),
  row('two writers x 4 stores', twoWriters(4), 70, 70),
];

/** More of them, too many for a search that keeps every state. */
export const COUNTED_LARGE_PROGRAMS: readonly Row[] = [
  row('SB(6)', storeBuffering(6), 63, 64),
  ...each(4, (i) => row(`readers(${i + 7})`, readers(i + 7), 2 ** (i + 7))),
  row('writers(5) + reader', writers(5), 720, 720),
  row('fib(4)', fibonacci(4), 1107, 1764, [1, 1]),
  row('fib with checker(1)', fibonacciWithChecker(1), 11, 11, [1, 1]),
  row('fib with checker(2)', fibonacciWithChecker(2), 140, 153, [1, 1]),
  row('fib with checker(3)', fibonacciWithChecker(3), 1698, 2258, [1, 1]),
];
