import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../page/layout.js';
import { firstEndingFrom, timelineOf } from '../../page/timeline.js';
import type { PageItem } from '../../page/page-data.js';

const timeline = (...items: readonly PageItem[]) =>
  timelineOf({ originNs: '0', leftOut: 0, items });

describe('the timeline of a page', () => {
  it('has CPUs first, then processes, and counts as readers do', () => {
    const { rows } = timeline(
      ['t', 1, 'work 12', 'process 12'],
      ['t', 2, 'CPU 10', 'CPUs'],
      ['t', 3, 'work 2', 'process 2'],
      ['t', 4, 'CPU 2', 'CPUs'],
    );
    expect(rows.map(({ group, name }) => `${group}: ${name}`)).toEqual([
      'CPUs: CPU 2',
      'CPUs: CPU 10',
      'process 2: work 2',
      'process 12: work 12',
    ]);
    expect(layoutOf(rows).groups.map(({ name }) => name)).toEqual([
      'CPUs',
      'process 2',
      'process 12',
    ]);
  });

  it('puts a slice inside of another on a lane of its own', () => {
    const { rows, marks, lengthNs } = timeline(
      ['t', 1, 'CPU 0', 'CPUs'],
      ['B', 1, 10, 'outer', ''],
      ['B', 1, 20, 'inner', ''],
      ['E', 1, 30],
      ['i', 1, 35, 'moment', 'app', { value: 3 }],
      ['E', 1, 40],
      ['B', 1, 50, 'next', ''],
      ['E', 1, 60],
    );
    expect(
      rows[0]!.lanes.map((lane) => lane.map(({ name, from, to }) => [name, from, to])),
    ).toEqual([
      [
        ['outer', 10, 40],
        ['next', 50, 60],
      ],
      [['inner', 20, 30]],
    ]);
    expect(rows[0]!.moments).toMatchObject([{ name: 'moment', from: 35, details: { value: 3 } }]);
    expect(marks.map(({ name }) => name)).toEqual(['outer', 'inner', 'moment', 'next']);
    expect(lengthNs).toBe(60);
  });

  it('lets what the end cuts off last until there', () => {
    const { rows } = timeline(
      ['t', 1, 'CPU 0', 'CPUs'],
      ['B', 1, 10, 'open', ''],
      ['i', 1, 90, 'last', ''],
    );
    expect(rows[0]!.lanes[0]![0]).toMatchObject({ from: 10, to: 90 });
  });

  it('finds the first of a lane that is seen from a time on', () => {
    const { rows } = timeline(
      ['t', 1, 'CPU 0', 'CPUs'],
      ...[0, 10, 20].flatMap((ns): PageItem[] => [
        ['B', 1, ns, 'a', ''],
        ['E', 1, ns + 8],
      ]),
    );
    const lane = rows[0]!.lanes[0]!;
    expect([-1, 8, 9, 18, 28, 29].map((ns) => firstEndingFrom(lane, ns))).toEqual([
      0, 0, 1, 1, 2, 3,
    ]);
  });
});
