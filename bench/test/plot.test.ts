import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPlotFile, writePlots } from '../plot/plot-file.js';
import { plotSvg } from '../plot/plot-svg.js';
import type { Plot } from '../plot/plot.js';

const plot = (title: string): Plot => ({
  title,
  subtitle: 'on a machine',
  xName: 'CPUs',
  yName: 'cycles',
  lines: [
    {
      name: 'flat',
      colour: 0,
      points: [
        [1, 10],
        [256, 10],
      ],
    },
    {
      name: 'steep',
      colour: 1,
      points: [
        [1, 10],
        [256, 100_000],
      ],
      isReference: true,
    },
  ],
});

describe('a plot', () => {
  it('names its axes and each line, and is the same every time', () => {
    const svg = plotSvg(plot('two lines'));
    for (const text of ['two lines', 'on a machine', 'CPUs', 'cycles', 'flat', 'steep', '100,000'])
      expect(svg).toContain(`>${text}</text>`);
    const unnumbered = (text: string): string => text.replace(/zr\d+-[a-z]+-?\d+/g, '');
    expect(unnumbered(plotSvg(plot('two lines')))).toBe(unnumbered(svg));
  });

  it('draws what others are compared with dashed, and nothing else', () => {
    const lines = plotSvg(plot('')).match(/<path[^>]*stroke-width="2"[^>]*>/g)!;
    const dashed = lines.filter((line) => line.includes('stroke-dasharray'));
    expect(dashed.every((line) => line.includes('#009e73'))).toBe(true);
    expect(dashed).not.toHaveLength(0);
    expect(lines.some((line) => line.includes('#0072b2'))).toBe(true);
  });
});

describe('a file of plots', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plots-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('has the first as SVG, and all as a page', () => {
    const plots = [plot('first'), plot('second')];
    const [svg, html] = ['a.svg', 'a.html'].map((name) => {
      writePlots(join(folder, name), plots);
      return readFileSync(join(folder, name), 'utf8');
    });
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toContain('>second<');
    expect(html!.match(/<svg /g)).toHaveLength(2);
  });

  it('ends in .svg or .html, and is not written without a plot', () => {
    expect(() => {
      checkPlotFile('a.png');
    }).toThrow(/ends in \.svg or \.html, got a\.png/);
    expect(() => {
      writePlots(join(folder, 'b.svg'), []);
    }).toThrow(/expected a benchmark that has a plot/);
  });
});
