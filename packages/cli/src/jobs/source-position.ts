import { formatFrame, userFrame } from '@rseqlab/explorer';
import { isAbsolute, relative } from 'node:path';

/** A path as the user would write it: relative to the folder, where it lies in or near it. */
export function showPath(path: string, folder: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(folder, path);
  return short.length < path.length ? short : path;
}

/** Functions below which a stack trace is not the user's any more, but this command's. */
const BOTTOM = /\b(?:performJob|refusing)\b/;

/** The place in a user's file where an error comes from, as `file:line:column`; undefined if none. */
export function positionOf(error: unknown, folder: string): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const frames = error.stack.split('\n');
  const bottom = frames.findIndex((text) => BOTTOM.test(text));
  const frame = userFrame(frames.slice(0, bottom < 0 ? undefined : bottom).join('\n'));
  return frame && formatFrame({ ...frame, file: showPath(frame.file, folder) });
}
