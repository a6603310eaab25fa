/** A command in a document, with what it is said to print. */
export interface ShownCommand {
  /** The command line, without the prompt. */
  readonly line: string;
  /** What it prints; `...` stands for anything. */
  readonly output: string;
}

/** The commands of a console block: lines that start with `$ `, each with the lines behind it. */
export function readTranscript(block: string): readonly ShownCommand[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { line: text.slice(0, end).trim(), output: text.slice(end + 1) };
    });
}

/** Whether a text is what a transcript shows; blank lines at either end do not count. */
export function matchesTranscript(printed: string, shown: string): boolean {
  const pattern = shown
    .trim()
    .split('...')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]*');
  return new RegExp(`^${pattern}$`).test(printed.trim());
}
