/**
 * Whether text is as a pattern says.
 *
 * @param parts the pattern, cut where any characters may be; one part stands for itself
 */
export function compileGlob(parts: readonly string[]): (text: string) => boolean {
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return (text) => text === first;
  const between = parts.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first)) return false;
    if (!text.endsWith(last)) return false;
    // What is between two stars is found as early as it can be: the rest has most room then.
    let at = first.length;
    for (const part of between) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
