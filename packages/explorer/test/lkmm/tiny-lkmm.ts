/** The text of a C test with one function over `x`, `y`, a lock `l` and a domain `s`. */
export function tinyLkmm({
  header = 'C tiny',
  init = '{}',
  body = '',
  end = 'exists (x=0)',
}: {
  readonly header?: string;
  readonly init?: string;
  readonly body?: string;
  readonly end?: string;
}): string {
  const parameters = 'int *x, int *y, spinlock_t *l, struct srcu_struct *s';
  return `${header}\n${init}\nP0(${parameters}) {\n${body}\n}\n${end}\n`;
}
