/**
 * Evaluates the body of a function from source text.
 *
 * @param parameters - what the text may name
 * @returns what the body returns, or undefined where the host forbids code from strings (a content security
 *   policy)
 */
export function evaluate(body: string, parameters: Readonly<Record<string, unknown>>): unknown {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return new Function(...Object.keys(parameters), `'use strict';${body}`)(
      ...Object.values(parameters),
    );
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
