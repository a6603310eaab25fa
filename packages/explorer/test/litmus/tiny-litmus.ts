/** The parts of a small test that a test of the parser wants to be different. */
export interface TinyLitmus {
  readonly header?: string;
  readonly init?: string;
  readonly columns?: string;
  readonly rows?: string;
  readonly condition?: string;
}

/** A small well-formed test, line by line: header, init block, columns, rows, condition. */
export function tinyLitmus(parts: TinyLitmus = {}): string {
  return [
    parts.header ?? 'X86_64 tiny',
    parts.init ?? '{ x=0; }',
    parts.columns ?? 'P0 ;',
    parts.rows ?? 'movq $1,(x) ;',
    parts.condition ?? 'exists (x=1)',
  ].join('\n');
}
