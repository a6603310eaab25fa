import { describe, expect, it } from 'vitest';
import { findingData } from '../../src/report/finding-data.js';
import { findingReport } from '../../src/report/finding-report.js';
import { scheduleTable } from '../../src/report/schedule-table.js';
import { recordRun } from '../../src/trace/record-run.js';
import { LOSING_RUN, LOST_UPDATE } from '../trace/lost-update.js';
import { BASE_NAMES } from '../trace/traced-scenarios.js';

const trace = recordRun(LOST_UPDATE, LOSING_RUN, BASE_NAMES);

describe('a report', () => {
  const report = findingReport(trace, { replay: 'rseqlab replay TOKEN', remark: 'as few as any' });

  it('is this, for a lost update', () => {
    expect(report).toBe(`assertion: expected the word to be 2, got 1

Schedule: 1 kernel event, as few as any
T0 add, T1 add

step  CPU 0
      -- T0 gets the CPU
   1  T0 load32  [0x10000000] is 0          at lost-update.ts:14:32
   2  >> preempt: T1 takes the CPU from T0
   3  T1 load32  [0x10000000] is 0          at lost-update.ts:14:32
   4  T1 store32  [0x10000000] = 1          at lost-update.ts:15:18
   5  T1 exit(0)
      -- T0 gets the CPU
   6  T0 store32  [0x10000000] = 1          at lost-update.ts:15:18
   7  T0 exit(0)
      !! expected the word to be 2, got 1

When it was found
  CPU 0: idle, T0 was the last: store32 (lost-update.ts:15:18)
  T0 add: ended, last store32 (lost-update.ts:15:18)
  T1 add: ended, last store32 (lost-update.ts:15:18)

To see it again
  rseqlab replay TOKEN
`);
  });

  it('is the same data as JSON', () => {
    const data = findingData(trace);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(data).toMatchObject({
      kind: 'assertion',
      message: 'expected the word to be 2, got 1',
      kernelEvents: 1,
      cpus: [{ cpu: 0 }],
      threads: [{ thread: 0 }, { thread: 1 }],
    });
    expect(data?.schedule).toHaveLength(trace.rows.length);
  });

  it('has no finding when nothing was found', () => {
    const { finding: _finding, ...nothing } = trace;
    expect(findingData(nothing)).toBeUndefined();
    expect(findingReport(nothing)).toMatch(/^\nSchedule: 1 kernel event\n/);
  });

  it('sets off what a terminal can show', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</>`;
    const paint = {
      bad: mark('bad'),
      good: mark('good'),
      event: mark('event'),
      heading: mark('heading'),
      dim: mark('dim'),
    };
    const painted = findingReport(trace, { paint });
    expect(painted).toContain('<bad>assertion</>');
    expect(painted).toContain('<event>>> preempt: T1 takes the CPU from T0</>');
    const strip = (text: string) => text.replace(/<\w*\/?>|<\/>/g, '');
    expect(strip(painted)).toBe(findingReport(trace));
  });
});

describe('a schedule', () => {
  it('has a column for every CPU on which anything happened', () => {
    const rows = trace.rows.map((row) => (row.thread === 1 ? { ...row, cpu: 7 } : row));
    const [header, ...lines] = scheduleTable({ ...trace, cpus: [0, 3, 7], rows });
    expect(header).toMatch(/^step {2}CPU 0 +CPU 7$/);
    const column = header!.indexOf('CPU 7');
    expect(lines.find((line) => line.includes('T1 load32'))?.indexOf('T1 load32')).toBe(column);
  });

  it('shows the last rows of a long run, and says how many came before', () => {
    const lines = scheduleTable(trace, { rows: 2 });
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(`... ${trace.rows.length - 2} rows before`);
    expect(lines.at(-1)).toContain('expected the word');
  });
});
