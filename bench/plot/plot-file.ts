import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Plot } from './plot.js';
import { plotSvg } from './plot-svg.js';

const FORMATS = ['.svg', '.html'];

/** Refuses a file that no plot can be written to. @throws RangeError for a name with another ending */
export function checkPlotFile(file: string): void {
  if (!FORMATS.includes(extname(file)))
    throw new RangeError(`expected --plot with a file that ends in .svg or .html, got ${file}`);
}

/** Writes plots to a file: one as SVG, any number as a page. @throws RangeError see `checkPlotFile` */
export function writePlots(file: string, plots: readonly Plot[]): void {
  checkPlotFile(file);
  const [first] = plots;
  if (first === undefined)
    throw new RangeError(
      `expected a benchmark that has a plot for ${file}, got none: flavours has`,
    );
  writeFileSync(file, extname(file) === '.svg' ? plotSvg(first) : pageOf(plots));
}

function pageOf(plots: readonly Plot[]): string {
  const figures = plots.map((plot) => `<figure>${plotSvg(plot)}</figure>`);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><title>rseqlab benchmarks</title></head>',
    `<body>${figures.join('\n')}</body></html>`,
    '',
  ].join('\n');
}
