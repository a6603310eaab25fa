/** A count with its noun: `1 thread`, `1,234 threads`, `2 classes`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : /(?:s|ch)$/.test(noun) ? 'es' : 's'}`;
}

/** A number with its thousands apart, the same on every machine. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
