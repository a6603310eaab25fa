import type { DebugSession } from './debug-session.js';

/** What a debugger command has to say: for people, and for programs. */
export interface Reply {
  /** Lines, each with its end; may be empty. */
  readonly text: string;
  /** The same as data. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether the debugger ends. */
  readonly quits?: true;
}

/** A command of the debugger. */
export interface DebuggerCommand {
  readonly name: string;
  /** Other names, such as those that users of gdb expect. */
  readonly aliases?: readonly string[];
  /** What follows the name, such as `[N] [T]`. */
  readonly usage?: string;
  /** One line. */
  readonly summary: string;
  /** More, for `help COMMAND`. */
  readonly details?: string;
  /**
   * Carries it out.
   *
   * @param words - what follows the name, in words
   * @throws CommandError with what was expected and what came
   */
  run(session: DebugSession, words: readonly string[]): Reply;
}

/** A reply whose data says all that its text does. */
export function reply(text: string, data: Readonly<Record<string, unknown>>): Reply {
  return { text, data };
}
