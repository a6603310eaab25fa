import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/html/html-report.js';
import { readsFrom } from '../../src/report/html/reads-from.js';
import { lanesOf } from '../../src/report/html/timeline-lanes.js';
import { scenario } from '../../src/scenario.js';
import { pointOfNoReturn } from '../../src/shrink/point-of-no-return.js';
import { recordRun } from '../../src/trace/record-run.js';
import type { TraceAccess, TraceRow } from '../../src/trace/run-trace.js';
import { LOSING_RUN, LOST_UPDATE } from '../trace/lost-update.js';
import { BASE_NAMES, traceOfFailure } from '../trace/traced-scenarios.js';

const trace = {
  ...recordRun(LOST_UPDATE, LOSING_RUN, BASE_NAMES),
  pointOfNoReturn: pointOfNoReturn(LOST_UPDATE, LOSING_RUN)!,
};
const page = htmlReport(trace, {
  replay: 'rseqlab replay TOKEN',
  sources: { 'lost-update.ts': 'first line\nsecond line\n' },
  shrunkFrom: { switches: 12, kernelEvents: 7, decisions: 40 },
});

function row(cpu: number, kind: TraceAccess['kind'], address: number): TraceRow {
  const accesses = [{ kind, address, size: 4, value: 0 }];
  return { kind: 'step', cpu, thread: cpu, text: kind, accesses };
}

describe('a page', () => {
  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/(?:src|href)=|@import|url\(|fetch\(|https?:/);
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it('shows finding, costs, point of no return, replay and every row', () => {
    expect(page).toContain('<span class="kind">assertion</span>expected the word to be 2, got 1');
    expect(page).toContain('<b>1</b> kernel event');
    expect(page).toContain('shrunk from 40 decisions, 12 switches, 7 kernel events');
    expect(page).toContain('point of no return: from here on every way to go on fails');
    expect(page).toContain('rseqlab replay TOKEN');
    expect(page.match(/<tr id="row-/g)).toHaveLength(trace.rows.length);
    expect(page.match(/class="mark event"/g)).toHaveLength(1);
    expect(page.match(/class="mark finding"/g)).toHaveLength(1);
  });

  it('says where every value comes from', () => {
    expect(page).toContain('[0x10000000] is what was there before');
    const load = { ...trace.rows.find(({ text }) => text === 'load32')!, index: 8 };
    const later = htmlReport({ ...trace, rows: [...trace.rows, load] });
    expect(later).toContain('[0x10000000] was written by T0 in step 6');
  });

  it('escapes what a scenario says', () => {
    const rude = traceOfFailure(
      scenario({
        name: '</script><b>&"\'',
        machine: { cpus: 1 },
        setup(lab) {
          const word = lab.process.allocate(4);
          lab.spawn(function* store(t) {
            yield* t.store(word, 1);
          });
        },
        check: (_state, lab) => lab.expect(false, '<i>nothing</i>'),
      }),
    );
    const text = htmlReport(rude, { sources: { 'a.ts': '</script><script>' } });
    expect(text).toContain('&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;');
    expect(text).toContain('&lt;i&gt;nothing&lt;/i&gt;');
    expect(text.match(/<script/g)).toHaveLength(2);
  });

  it('shows the last rows of a long run', () => {
    const short = htmlReport(trace, { rows: 2 });
    expect(short.match(/<tr id="row-/g)).toHaveLength(2);
    expect(short).toContain(`${trace.rows.length - 2} rows before`);
  });
});

describe('where values come from', () => {
  it('is the latest write to the address', () => {
    const rows = [row(0, 'store', 8), row(1, 'store', 4), row(1, 'atomic', 8), row(0, 'load', 8)];
    expect(readsFrom(rows)).toEqual([[], [], [{ address: 8, row: 0 }], [{ address: 8, row: 2 }]]);
  });

  it('is the own buffered store, which others read only when it is visible', () => {
    const rows = [
      row(0, 'buffered', 8),
      row(0, 'load', 8),
      row(1, 'load', 8),
      row(0, 'visible', 8),
      row(1, 'load', 8),
    ];
    expect(readsFrom(rows).map((reads) => reads[0]?.row)).toEqual([undefined, 0, -1, undefined, 0]);
  });
});

describe('the lanes of a run', () => {
  it('show who was on a CPU, and when a thread was on one', () => {
    const [cpu, first, second] = lanesOf(trace);
    expect(cpu).toMatchObject({ kind: 'cpu', label: 'CPU 0' });
    expect(cpu?.spans.map(({ who }) => who)).toEqual([0, 1, 0]);
    expect(first).toMatchObject({ kind: 'thread', label: 'T0 add' });
    expect(first?.spans).toHaveLength(2);
    expect(second?.spans).toHaveLength(1);
  });
});
