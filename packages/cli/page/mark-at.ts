import type { ScaleLinear } from 'd3-scale';
import { AXIS_HEIGHT, LANE_HEIGHT, laneTop } from './layout.js';
import type { Layout } from './layout.js';
import { firstEndingFrom } from './timeline.js';
import type { Mark } from './timeline.js';

/** Pixels by which a moment may be missed. */
const REACH = 6;

/** What is at a place of the picture: a moment close by, or a slice. @param y - from its top, scrolled by `scrolled` */
export function markAt(
  { rows }: Layout,
  time: ScaleLinear<number, number>,
  x: number,
  y: number,
  scrolled: number,
): Mark | undefined {
  const below = y - AXIS_HEIGHT + scrolled;
  const placed = rows.find(({ top, height }) => below >= top && below < top + height);
  if (y < AXIS_HEIGHT || placed === undefined) return undefined;
  const depth = Math.floor((below - laneTop(placed, 0)) / LANE_HEIGHT);
  if (depth < 0) return nearest(placed.row.moments, time, x);
  const lane = placed.row.lanes[depth];
  const slice = lane?.[firstEndingFrom(lane, time.invert(x - 1))];
  return slice !== undefined && time(slice.from) <= x + 1 ? slice : undefined;
}

function nearest(
  moments: readonly Mark[],
  time: ScaleLinear<number, number>,
  x: number,
): Mark | undefined {
  let best: Mark | undefined;
  for (let n = firstEndingFrom(moments, time.invert(x - REACH)); n < moments.length; n++) {
    const mark = moments[n]!;
    const distance = Math.abs(time(mark.from) - x);
    if (time(mark.from) > x + REACH) break;
    if (best === undefined || distance < Math.abs(time(best.from) - x)) best = mark;
  }
  return best;
}
