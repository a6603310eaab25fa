import { ExplorerError } from '../explorer-error.js';

/**
 * What a scenario can have watched beyond what is always looked for.
 *
 * `races`: data races. `memory`: uses of memory that the lab's heap, or another allocator that tells
 * shadow state of its blocks, does not have handed out. `leaks`: blocks of the lab's heap that are
 * never given back.
 */
export const DETECTIONS = ['races', 'memory', 'leaks'] as const;

/** One of {@link DETECTIONS}. */
export type Detection = (typeof DETECTIONS)[number];

/**
 * Refuses what is no list of detections.
 *
 * @throws ExplorerError `ERR_SCENARIO` with what was expected and what came
 */
export function checkDetections(name: string, detect: unknown): void {
  const isList =
    Array.isArray(detect) &&
    detect.every((item) => (DETECTIONS as readonly unknown[]).includes(item));
  if (detect !== undefined && !isList)
    throw new ExplorerError(
      'ERR_SCENARIO',
      `expected detect of scenario "${name}" to be a list of ${DETECTIONS.join(', ')}, got ${JSON.stringify(detect)}`,
    );
}
