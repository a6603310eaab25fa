import { describe, expect, it } from 'vitest';
import type { Track, TrackEvent } from '@rseqlab/trace-format';
import { PageWriter } from '../../src/trace/page-writer.js';

const track: Track = { id: 1, name: 'CPU 0', group: 'CPUs', pid: undefined, tid: undefined };
const event = (timeNs: bigint, more: Partial<TrackEvent> = {}): TrackEvent => ({
  ...{ kind: 'instant', track, timeNs, name: 'tick', category: 'lab', details: [] },
  ...more,
});

/** What a page's script finds. */
function dataOf(page: string): unknown {
  return JSON.parse(/<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page)![1]!);
}

describe('the page of a trace', () => {
  it('has tracks, slices and moments by their time from the first', () => {
    const page = new PageWriter('run', '');
    const text = [
      page.begin(),
      page.track(track),
      page.event(event(1_000n, { kind: 'begin', details: [['seq', 7n]] })),
      page.event(event(1_050n, { details: [['sort', { value: 1, labels: ['a'] }]] })),
      page.event(event(1_100n, { kind: 'end' })),
      page.end(),
    ].join('');
    expect(dataOf(text)).toEqual({
      originNs: '1000',
      leftOut: 0,
      items: [
        ['t', 1, 'CPU 0', 'CPUs'],
        ['B', 1, 0, 'tick', 'lab', { seq: '7' }],
        ['i', 1, 50, 'tick', 'lab', { sort: 'a' }],
        ['E', 1, 100],
      ],
    });
  });

  it('holds so many events, and says how many it leaves out', () => {
    const page = new PageWriter('run', '', 2);
    const events = [1n, 2n, 3n, 4n, 5n].map((ns) => page.event(event(ns)));
    expect(events.filter((text) => text !== '')).toHaveLength(2);
    expect(dataOf(page.begin() + events.join('').slice(1) + page.end())).toMatchObject({
      leftOut: 3,
    });
  });

  it('lets nothing of a trace, its name or its script end where it should not', () => {
    const page = new PageWriter('</title><b>"&', 'x = "</script>";');
    const text = [page.begin(), page.event(event(0n, { name: '</script><b>' })), page.end()].join(
      '',
    );
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).toContain('<title>&lt;/title>&lt;b>&quot;&amp;</title>');
    expect(dataOf(text)).toMatchObject({ items: [['i', 1, 0, '</script><b>', 'lab', null]] });
  });
});
