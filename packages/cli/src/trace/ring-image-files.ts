import { ringImageBytes } from '@rseqlab/tracer';
import type { RingImage } from '@rseqlab/tracer';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';
import { hostFiles } from './trace-files.js';

/**
 * Writes images of rings, each into a file of its own, those of a session into one folder.
 *
 * @param folderOf - the folder of a session, by its name
 * @throws CommandError when one cannot be written
 */
export function writeRingImages(
  images: readonly RingImage[],
  folderOf: (session: string) => string,
): void {
  for (const image of images) {
    const file = join(folderOf(image.session), image.stream);
    try {
      hostFiles.folder(folderOf(image.session));
      hostFiles.replace(file, ringImageBytes(image));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      throw new CommandError(`${file}: expected a place to write to, got ${code}`, undefined, {
        cause: error,
      });
    }
  }
}
