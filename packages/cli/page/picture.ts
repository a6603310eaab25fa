import type { ScaleLinear } from 'd3-scale';
import {
  AXIS_HEIGHT,
  LABEL_WIDTH,
  LANE_HEIGHT,
  MOMENTS_HEIGHT,
  laneTop,
  momentsTop,
} from './layout.js';
import type { Layout, PlacedRow } from './layout.js';
import type { NameColours, Palette } from './palette.js';
import { timeText } from './time-text.js';
import { firstEndingFrom } from './timeline.js';
import type { Mark } from './timeline.js';

/** Narrower slices are drawn as one with their neighbours. */
const LEAST_WIDTH = 1;
const CAPTION_PADDING = 5;
const LEAST_CAPTION = 24;
const TICK_WIDTH = 110;

/** What a picture shows, and how. */
export interface Shown {
  readonly layout: Layout;
  readonly colours: NameColours;
  readonly palette: Palette;
  /** From nanoseconds to pixels, for the part that is seen. */
  readonly time: ScaleLinear<number, number>;
  /** Pixels that rows are scrolled by. */
  readonly scrolled: number;
  readonly width: number;
  readonly height: number;
  readonly selected: Mark | undefined;
  /** Others are drawn faint. */
  readonly isFound: (mark: Mark) => boolean;
}

/** Draws the rows that are seen, the axis over them, and their names at the left. */
export function drawPicture(canvas: CanvasRenderingContext2D, shown: Shown): void {
  const { palette, width, height, layout, scrolled } = shown;
  canvas.fillStyle = palette.raised;
  canvas.fillRect(0, 0, width, height);
  canvas.textBaseline = 'middle';
  const ticks = drawGrid(canvas, shown);
  for (const placed of layout.rows) {
    const top = AXIS_HEIGHT + placed.top - scrolled;
    if (top + placed.height < 0 || top > height) continue;
    drawRow(canvas, shown, placed);
  }
  drawLabels(canvas, shown);
  drawAxis(canvas, shown, ticks);
}

function drawGrid(
  canvas: CanvasRenderingContext2D,
  { time, palette, width, height }: Shown,
): readonly number[] {
  const ticks = time.ticks(Math.max(2, Math.floor((width - LABEL_WIDTH) / TICK_WIDTH)));
  canvas.strokeStyle = palette.rule;
  canvas.lineWidth = 1;
  canvas.beginPath();
  for (const tick of ticks) {
    const x = Math.round(time(tick)) + 0.5;
    canvas.moveTo(x, AXIS_HEIGHT);
    canvas.lineTo(x, height);
  }
  canvas.stroke();
  return ticks;
}

function drawRow(canvas: CanvasRenderingContext2D, shown: Shown, placed: PlacedRow): void {
  const { time, scrolled } = shown;
  const [from, to] = time.domain() as [number, number];
  for (const [depth, lane] of placed.row.lanes.entries()) {
    const y = AXIS_HEIGHT + laneTop(placed, depth) - scrolled;
    let drawnTo = -Infinity;
    for (let n = firstEndingFrom(lane, from); n < lane.length && lane[n]!.from <= to; n++) {
      const mark = lane[n]!;
      const left = Math.max(time(mark.from), LABEL_WIDTH - 4);
      const right = Math.min(Math.max(time(mark.to), left + LEAST_WIDTH), shown.width + 4);
      if (right <= drawnTo && mark !== shown.selected) continue;
      drawSlice(canvas, shown, mark, left, right, y);
      drawnTo = right;
    }
  }
  const y = AXIS_HEIGHT + momentsTop(placed) - scrolled;
  let drawnTo = -Infinity;
  const { moments } = placed.row;
  for (let n = firstEndingFrom(moments, from); n < moments.length; n++) {
    const mark = moments[n]!;
    if (mark.from > to) break;
    const x = time(mark.from);
    if (x < drawnTo + 1 && mark !== shown.selected) continue;
    drawMoment(canvas, shown, mark, x, y);
    drawnTo = x;
  }
}

function drawSlice(
  canvas: CanvasRenderingContext2D,
  { colours, palette, isFound, selected }: Shown,
  mark: Mark,
  left: number,
  right: number,
  y: number,
): void {
  const width = right - left;
  const height = LANE_HEIGHT - 2;
  canvas.globalAlpha = isFound(mark) ? 0.92 : 0.2;
  canvas.fillStyle = colours.of(mark.name, palette);
  canvas.beginPath();
  canvas.roundRect(left, y, width, height, Math.min(3, width / 3));
  canvas.fill();
  if (width >= LEAST_CAPTION) {
    canvas.save();
    canvas.clip();
    canvas.fillStyle = palette.caption;
    canvas.font = '600 11px system-ui, sans-serif';
    canvas.fillText(mark.name, left + CAPTION_PADDING, y + height / 2 + 0.5);
    canvas.restore();
  }
  canvas.globalAlpha = 1;
  if (mark !== selected) return;
  canvas.strokeStyle = palette.focus;
  canvas.lineWidth = 2;
  canvas.strokeRect(left - 1, y - 1, width + 2, height + 2);
}

/** A moment is a flag that stands on the slice in which it was. */
function drawMoment(
  canvas: CanvasRenderingContext2D,
  { colours, palette, isFound, selected }: Shown,
  mark: Mark,
  x: number,
  y: number,
): void {
  canvas.globalAlpha = isFound(mark) ? 1 : 0.15;
  canvas.fillStyle = colours.of(mark.name, palette);
  canvas.strokeStyle = palette.raised;
  canvas.lineWidth = 1;
  canvas.beginPath();
  canvas.moveTo(x, y + MOMENTS_HEIGHT);
  canvas.lineTo(x - 4, y + 5);
  canvas.lineTo(x - 4, y);
  canvas.lineTo(x + 4, y);
  canvas.lineTo(x + 4, y + 5);
  canvas.closePath();
  canvas.fill();
  canvas.stroke();
  canvas.globalAlpha = 1;
  if (mark !== selected) return;
  canvas.strokeStyle = palette.focus;
  canvas.lineWidth = 2;
  canvas.strokeRect(x - 6, y - 2, 12, MOMENTS_HEIGHT + 3);
}

function drawLabels(
  canvas: CanvasRenderingContext2D,
  { layout, palette, scrolled, height }: Shown,
): void {
  canvas.fillStyle = palette.raised;
  canvas.fillRect(0, 0, LABEL_WIDTH - 6, height);
  canvas.fillStyle = palette.ink;
  canvas.font = '600 12px system-ui, sans-serif';
  for (const placed of layout.rows) {
    const y = AXIS_HEIGHT + laneTop(placed, 0) - scrolled + LANE_HEIGHT / 2 - 1;
    if (y > 0 && y < height) canvas.fillText(placed.row.name, 26, y, LABEL_WIDTH - 38);
  }
  canvas.fillStyle = palette.soft;
  canvas.font = '11px system-ui, sans-serif';
  for (const { name, top } of layout.groups)
    canvas.fillText(name, 12, AXIS_HEIGHT + top - scrolled + 13, LABEL_WIDTH - 24);
}

function drawAxis(
  canvas: CanvasRenderingContext2D,
  { time, palette, width }: Shown,
  ticks: readonly number[],
): void {
  canvas.fillStyle = palette.raised;
  canvas.fillRect(0, 0, width, AXIS_HEIGHT);
  canvas.strokeStyle = palette.rule;
  canvas.lineWidth = 1;
  canvas.beginPath();
  canvas.moveTo(0, AXIS_HEIGHT + 0.5);
  canvas.lineTo(width, AXIS_HEIGHT + 0.5);
  canvas.moveTo(LABEL_WIDTH - 6.5, 0);
  canvas.lineTo(LABEL_WIDTH - 6.5, AXIS_HEIGHT);
  canvas.stroke();
  canvas.fillStyle = palette.soft;
  canvas.font = '11px system-ui, sans-serif';
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  for (const tick of ticks) {
    const x = time(tick);
    if (x >= LABEL_WIDTH - 4) canvas.fillText(timeText(tick, step), x + 4, AXIS_HEIGHT / 2);
  }
}
