import { LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { Plot, PlotLine } from './plot.js';

use([LineChart, GridComponent, TitleComponent, LabelLayout, SVGRenderer]);

const WIDTH = 860;
const HEIGHT = 480;

/** Colours that people with any colour vision tell apart. @source Okabe and Ito, 2008 */
const COLOURS = ['#0072b2', '#009e73', '#e69f00', '#cc79a7', '#56b4e9', '#d55e00', '#000000'];

/** A plot as SVG: both axes logarithmic, each line named at its end. */
export function plotSvg(plot: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const common = { type: 'log', nameLocation: 'middle' } as const;
  const numbers = { formatter: (value: number) => value.toLocaleString('en-US') };
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: plot.title, subtext: plot.subtitle, left: 'center' },
    grid: { left: 80, right: 140, top: 80, bottom: 60 },
    xAxis: {
      ...common,
      logBase: 2,
      name: plot.xName,
      nameGap: 32,
      min: Math.min(...plot.lines.flatMap(({ points }) => points.map(([x]) => x))),
      max: Math.max(...plot.lines.flatMap(({ points }) => points.map(([x]) => x))),
      axisLabel: numbers,
    },
    yAxis: { ...common, logBase: 10, name: plot.yName, nameGap: 55, axisLabel: numbers },
    series: plot.lines.map(seriesOf),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function seriesOf({ name, colour, points, isReference = false }: PlotLine): object {
  return {
    type: 'line',
    name,
    data: points,
    color: COLOURS[colour % COLOURS.length],
    symbolSize: 6,
    lineStyle: { width: 2, type: isReference ? 'dashed' : 'solid' },
    endLabel: { show: true, formatter: name, distance: 8, color: 'inherit' },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}
