import type { Row } from './timeline.js';

/** Sizes in CSS pixels. */
export const AXIS_HEIGHT = 30;
export const LABEL_WIDTH = 168;
export const LANE_HEIGHT = 20;
const ROW_PADDING = 5;
/** Over the slices, where moments are. */
export const MOMENTS_HEIGHT = 14;
const GROUP_HEIGHT = 24;

/** Where a row is drawn, from the top of all rows. */
export interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
}

/** The caption of a group of rows. */
export interface PlacedGroup {
  readonly name: string;
  readonly top: number;
}

export interface Layout {
  readonly rows: readonly PlacedRow[];
  readonly groups: readonly PlacedGroup[];
  readonly height: number;
}

/** Puts rows under each other, each group under its name. */
export function layoutOf(rows: readonly Row[]): Layout {
  const placed: PlacedRow[] = [];
  const groups: PlacedGroup[] = [];
  let top = 0;
  for (const row of rows) {
    if (groups.at(-1)?.name !== row.group) {
      groups.push({ name: row.group, top });
      top += GROUP_HEIGHT;
    }
    const height = momentsHeight(row) + row.lanes.length * LANE_HEIGHT + 2 * ROW_PADDING;
    placed.push({ row, top, height });
    top += height;
  }
  return { rows: placed, groups, height: top + ROW_PADDING };
}

/** Top of the moments of a row. */
export function momentsTop({ top }: PlacedRow): number {
  return top + ROW_PADDING;
}

/** Top of a lane of a row. */
export function laneTop(placed: PlacedRow, depth: number): number {
  return momentsTop(placed) + momentsHeight(placed.row) + depth * LANE_HEIGHT;
}

function momentsHeight({ moments }: Row): number {
  return moments.length === 0 ? 0 : MOMENTS_HEIGHT;
}
