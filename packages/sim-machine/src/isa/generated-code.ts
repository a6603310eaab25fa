/**
 * Evaluates the body of a function from source text.
 *
 * @param uniqueTag makes the text differ from that of other machines: V8 shares type feedback and
 *   optimized code between functions of equal text, and only code of one machine's own has that
 *   machine's arrays as constants
 * @returns what the body returns, or undefined where the host forbids code from strings (a content
 *   security policy)
 */
export function evaluate(
  body: string,
  parameters: Readonly<Record<string, unknown>>,
  uniqueTag: string,
): unknown {
  const source = `'use strict';${body}\n//# ${encodeURIComponent(uniqueTag)}`;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return new Function(...Object.keys(parameters), source)(...Object.values(parameters));
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
