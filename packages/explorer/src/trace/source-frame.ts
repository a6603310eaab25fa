/** A place in a source file. */
export interface SourceFrame {
  /** The file as the host names it: a path, or a URL that is not of a file. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** The function it is in, where it has a name. */
  readonly functionName?: string;
}

const LIBRARY =
  /[\\/]node_modules[\\/]|[\\/]packages[\\/](?:sim-machine|rseq-runtime|percpu|urcu|trace-format|tracer|explorer|cli)[\\/](?:src|dist)[\\/]/;

/** V8: `at name (file:line:column)`, or without a name. Others: `name@file:line:column`. */
const FRAME =
  /^\s*(?:at )?(?:(?:async )?(.*?) ?[(@])?((?:[a-z-]+:\/\/)?[^()\s][^()]*):(\d+):(\d+)\)?$/;

/** Whether a file is part of rseqlab itself, or of a package: not what a user would look at. */
export function isLibraryFile(file: string): boolean {
  return LIBRARY.test(file) || file.startsWith('node:') || file === '<anonymous>';
}

/**
 * The innermost frame of a stack trace that is in a user's file, or undefined.
 *
 * @param stack - `stack` of an Error, in the notation of V8, SpiderMonkey or JavaScriptCore
 */
export function userFrame(stack: string): SourceFrame | undefined {
  for (const text of stack.split('\n')) {
    const frame = parseFrame(text);
    if (frame !== undefined && !isLibraryFile(frame.file)) return frame;
  }
  return undefined;
}

/** A frame as people and editors read it: `file:line:column`. */
export function formatFrame({ file, line, column }: SourceFrame): string {
  return `${file}:${line}:${column}`;
}

function parseFrame(text: string): SourceFrame | undefined {
  const match = FRAME.exec(text);
  if (match === null) return undefined;
  const [, called, place, line, column] = match;
  const functionName = called?.split('.').at(-1);
  return {
    file: place!.replace(/^file:\/\//, ''),
    line: Number(line),
    column: Number(column),
    ...(functionName === undefined || functionName === '' ? {} : { functionName }),
  };
}
