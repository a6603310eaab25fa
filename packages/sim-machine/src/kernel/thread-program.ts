import { MachineError } from '../base/machine-error.js';
import type { Operation } from './operation.js';

/** Some generator. */
function* once(): Operation<void> {
  yield;
}

/**
 * What all generators inherit from. The objects of every `function*` have a shape of their own, so
 * that looking a method up in them is slow for a machine that sees many programs.
 */
const GENERATOR = Object.getPrototypeOf(Object.getPrototypeOf(once())) as Operation<unknown>;

const { next } = GENERATOR;

/** For `instanceof`, which takes less time than asking for prototypes. */
const Generator = Object.assign(
  function (): void {
    // Generators are made by generator functions.
  },
  { prototype: GENERATOR },
);

/** For `instanceof`: what all generator functions inherit from. */
const GeneratorFunction = Object.assign(
  function (): void {
    // They are made by the language.
  },
  { prototype: Object.getPrototypeOf(once) as object },
);

/**
 * Lets the generators of a function inherit from what all inherit from, and from nothing in between.
 *
 * V8 makes an object to inherit from for every closure that is a generator function, when it is called
 * first: half of what it takes to start the program of a thread that a setup makes anew for every run.
 * To replace that object again takes as long, so this is for functions that were not called yet.
 *
 * @returns whether the function is one that returns generators
 */
export function dropOwnPrototype(body: (...args: never[]) => unknown): boolean {
  if (!(body instanceof GeneratorFunction)) return false;
  Reflect.set(body, 'prototype', GENERATOR);
  return true;
}

/**
 * What the function of a thread returned, as the thread's program.
 *
 * @param thread whose name is for the message
 * @throws MachineError `ERR_PROGRAM` when it is no generator
 */
export function programOf(
  thread: { readonly name: string },
  returned: unknown,
): Operation<unknown> {
  if (!isGenerator(returned))
    throw new MachineError(
      'ERR_PROGRAM',
      `expected thread "${thread.name}" to be a generator function (function*), got a function that ` +
        `returns ${String(returned)}`,
    );
  return returned;
}

/** Runs a program to its next yield; true when it ended. */
export function resumeProgram(program: Operation<unknown>): boolean {
  return next.call(program, undefined).done === true;
}

function isGenerator(value: unknown): value is Operation<unknown> {
  if (value instanceof Generator) return true;
  // One that was made in another realm.
  return Object.prototype.toString.call(value) === '[object Generator]';
}
