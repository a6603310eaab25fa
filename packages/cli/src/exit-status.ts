/** What the command's exit status says. */
export const ExitStatus = {
  /** Nothing was found, everything agrees. */
  Holds: 0,
  /** A finding, or a litmus test that disagrees with its table. */
  Finding: 1,
  /** Bad use: options, files, scenarios, tokens that are not what they should be. */
  BadUse: 2,
  /** A bound was reached before every interleaving was taken: not a pass. */
  Bound: 3,
  /** Workers died over the same work again and again; what else is known was printed. */
  Lost: 4,
  /** A defect of rseqlab itself. */
  Defect: 70,
  /** Ctrl-C. */
  Interrupted: 130,
} as const;

/** One of {@link ExitStatus}. */
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];
