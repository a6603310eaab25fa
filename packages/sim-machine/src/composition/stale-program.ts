import type { Operation } from '../kernel/operation.js';

/** A thread's words were taken back to where its program is not, and now the program is needed. */
export class StaleProgram extends Error {
  override readonly name = 'StaleProgram';
}

/** Stands for a program that is elsewhere. */
export function* staleProgram(): Operation<never> {
  throw new StaleProgram('a program that is elsewhere was resumed');
}
