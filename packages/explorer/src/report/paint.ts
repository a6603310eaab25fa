/** How parts of a report are set off; a terminal makes them colours, a file leaves them alone. */
export interface Paint {
  /** What went wrong. */
  bad(text: string): string;
  /** What went well. */
  good(text: string): string;
  /** What the kernel did. */
  event(text: string): string;
  /** A heading. */
  heading(text: string): string;
  /** What can be skipped. */
  dim(text: string): string;
}

const same = (text: string): string => text;

/** Plain text. */
export const PLAIN: Paint = { bad: same, good: same, event: same, heading: same, dim: same };
