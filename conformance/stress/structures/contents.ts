/** Says how two collections of items differ; undefined when they hold the same ones. */
export function contentsFault(
  expected: readonly number[],
  found: readonly number[],
): string | undefined {
  const order = (items: readonly number[]): string =>
    [...items].sort((left, right) => left - right).join(' ');
  const [wanted, got] = [order(expected), order(found)];
  return wanted === got ? undefined : `expected the items ${wanted}, got ${got}`;
}
