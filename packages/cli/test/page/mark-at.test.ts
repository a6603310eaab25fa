import { scaleLinear } from 'd3-scale';
import { describe, expect, it } from 'vitest';
import { AXIS_HEIGHT, laneTop, layoutOf, momentsTop } from '../../page/layout.js';
import { markAt } from '../../page/mark-at.js';
import { timelineOf } from '../../page/timeline.js';

const { rows } = timelineOf({
  originNs: '0',
  leftOut: 0,
  items: [
    ['t', 1, 'CPU 0', 'CPUs'],
    ['B', 1, 0, 'outer', ''],
    ['B', 1, 40, 'inner', ''],
    ['i', 1, 50, 'moment', ''],
    ['E', 1, 60],
    ['E', 1, 100],
  ],
});
const layout = layoutOf(rows);
const [placed] = layout.rows;
const time = scaleLinear().domain([0, 100]).range([200, 1200]);

const nameAt = (ns: number, top: number, scrolled = 0) =>
  markAt(layout, time, time(ns), AXIS_HEIGHT + top + 3 - scrolled, scrolled)?.name;

describe('a place of the picture', () => {
  it.each([
    ['a slice', 10, laneTop(placed!, 0), 'outer'],
    ['a slice in a slice', 50, laneTop(placed!, 1), 'inner'],
    ['nothing beside that', 70, laneTop(placed!, 1), undefined],
    ['a moment', 50, momentsTop(placed!), 'moment'],
    ['a moment that is missed by little', 50.5, momentsTop(placed!), 'moment'],
    ['nothing beside that', 52, momentsTop(placed!), undefined],
    ['nothing below all', 50, layout.height + 10, undefined],
    ['nothing on the axis', 50, -20, undefined],
  ])('has %s', (_, ns, top, name) => {
    expect(nameAt(ns, top)).toBe(name);
  });

  it('is that of what was scrolled there', () => {
    expect(nameAt(50, laneTop(placed!, 1), 25)).toBe('inner');
  });
});
