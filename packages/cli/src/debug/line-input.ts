/** Where the lines of a debugger come from: a person at a terminal, or a script. */
export interface LineInput {
  /** Whether a person types, who is shown a prompt and may be wrong. */
  readonly isInteractive: boolean;
  /** The next line without its end, or undefined at the end of the input. */
  read(): Promise<string | undefined>;
  /** Calls `listener` when a person presses Ctrl-C while nothing is read. */
  onInterrupt(listener: () => void): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Opens the input. @param commands - names to complete what is typed by */
export type LineInputOpener = (prompt: string, commands: readonly string[]) => LineInput;
