const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** Nanoseconds as a reader takes them in: `12.5 us`. @param stepNs - what is still told apart */
export function timeText(ns: number, stepNs = 1): string {
  const [size, unit] = UNITS.find(([least]) => Math.abs(ns) >= least) ?? [1, 'ns'];
  const digits = Math.max(0, Math.ceil(Math.log10(size / Math.max(stepNs, 1e-3))));
  const text = (ns / size).toFixed(Math.min(digits, 9));
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text} ${unit}`;
}
