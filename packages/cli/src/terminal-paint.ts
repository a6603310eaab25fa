import { PLAIN } from '@rseqlab/explorer';
import type { Paint } from '@rseqlab/explorer';
import colors from 'picocolors';

/** Colours for a terminal, or none. */
export function terminalPaint(isColored: boolean): Paint {
  if (!isColored) return PLAIN;
  const { bold, cyan, dim, green, red } = colors.createColors(true);
  return { bad: red, good: green, event: cyan, heading: bold, dim };
}
