import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import type { D3ZoomEvent } from 'd3-zoom';
import { showDetails, showNames } from './details-panel.js';
import { AXIS_HEIGHT, LABEL_WIDTH, layoutOf } from './layout.js';
import { markAt } from './mark-at.js';
import type { PageData } from './page-data.js';
import { NameColours, paletteOf } from './palette.js';
import { drawPicture } from './picture.js';
import { timeText } from './time-text.js';
import { timelineOf } from './timeline.js';
import type { Mark } from './timeline.js';

/** A share of the length that is free at both sides. */
const MARGIN = 0.01;
/** Nanoseconds that fill the picture when it cannot be enlarged any more. */
const LEAST_NS = 20;
/** Part of the picture that a key moves it by. */
const PAN = 0.15;
const ENLARGE = 1.5;

const data = JSON.parse(element('data').textContent) as PageData;
const timeline = timelineOf(data);
const layout = layoutOf(timeline.rows);
const colours = new NameColours();
const scroller = element('scroller');
const canvas = element('picture') as HTMLCanvasElement;
const context = canvas.getContext('2d')!;
const search = element('search') as HTMLInputElement;
const tip = element('tip');

const span = Math.max(timeline.lengthNs, LEAST_NS);
const whole = scaleLinear().domain([-span * MARGIN, span * (1 + MARGIN)]);
let time = whole;
let palette = paletteOf(document.documentElement);
let selected: Mark | undefined;
let isDrawn = true;

const zooming = zoom<HTMLCanvasElement, unknown>()
  .scaleExtent([1, Math.max(1, span / LEAST_NS)])
  .filter((event: MouseEvent) => event.button === 0 && (event.type !== 'wheel' || isZoom(event)))
  .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
    time = transform.rescaleX(whole);
    draw();
  });
const picture = select(canvas).call(zooming).on('dblclick.zoom', null);

/** Wheels scroll rows, as everywhere; with a key, or where there is nothing to scroll, they enlarge. */
function isZoom(event: MouseEvent): boolean {
  const fits = layout.height + AXIS_HEIGHT <= scroller.clientHeight;
  return fits || event.ctrlKey || event.shiftKey || event.metaKey;
}

function element(id: string): HTMLElement {
  return document.getElementById(id)!;
}

function resize(): void {
  scroller.style.height = `${Math.min(layout.height + AXIS_HEIGHT, 0.56 * window.innerHeight)}px`;
  const width = scroller.clientWidth;
  const height = scroller.clientHeight;
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  element('spacer').style.height = `${Math.max(0, layout.height + AXIS_HEIGHT - height)}px`;
  whole.range([LABEL_WIDTH, width - 8]);
  const seen: [[number, number], [number, number]] = [
    [LABEL_WIDTH, 0],
    [width - 8, height],
  ];
  zooming.extent(seen).translateExtent(seen);
  time = zoomTransform(canvas).rescaleX(whole);
  draw();
}

function draw(): void {
  if (!isDrawn) return;
  isDrawn = false;
  requestAnimationFrame(() => {
    isDrawn = true;
    const { clientWidth: width, clientHeight: height, scrollTop: scrolled } = scroller;
    const ratio = window.devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const wanted = search.value.trim().toLowerCase();
    const isFound = (mark: Mark) => wanted === '' || isNamed(mark, wanted);
    const shown = { layout, colours, palette, time, scrolled, width, height, selected, isFound };
    drawPicture(context, shown);
  });
}

function isNamed({ name, category }: Mark, wanted: string): boolean {
  return `${category}:${name}`.toLowerCase().includes(wanted);
}

function choose(mark: Mark | undefined): void {
  selected = mark;
  showDetails(element('facts'), mark);
  document.body.dataset['selected'] = mark === undefined ? '' : mark.name;
  draw();
}

/** Chooses a mark and moves the picture to where it is seen. */
function goTo(mark: Mark | undefined): void {
  if (mark === undefined) return;
  choose(mark);
  const [left, right] = whole.range() as [number, number];
  const at = time((mark.from + mark.to) / 2);
  if (at < left || at > right)
    picture.call(zooming.translateTo, whole((mark.from + mark.to) / 2), 0);
  const placed = layout.rows.find(({ row }) => row === mark.row)!;
  const room = scroller.clientHeight - AXIS_HEIGHT;
  if (placed.top < scroller.scrollTop || placed.top + placed.height > scroller.scrollTop + room)
    scroller.scrollTop = placed.top - room / 2;
}

/** The next or last mark that is looked for, or else on the row of the chosen one. */
function step(by: 1 | -1): void {
  const { marks } = timeline;
  const wanted = search.value.trim().toLowerCase();
  const isNext = (mark: Mark) =>
    wanted === '' ? selected === undefined || mark.row === selected.row : isNamed(mark, wanted);
  let at = selected === undefined ? (by > 0 ? -1 : marks.length) : marks.indexOf(selected);
  do at += by;
  while (at >= 0 && at < marks.length && !isNext(marks[at]!));
  goTo(marks[at]);
}

/** Fills the picture with the chosen slice, or shows all. */
function fit(): void {
  if (selected === undefined || selected.isMoment) {
    picture.call(zooming.transform, zoomIdentity);
    return;
  }
  const { from, to } = selected;
  const scale = Math.min(span / Math.max(to - from, LEAST_NS) / 1.2, span / LEAST_NS);
  picture.call(zooming.scaleTo, Math.max(1, scale));
  picture.call(zooming.translateTo, whole((from + to) / 2), 0);
}

const KEYS: Readonly<Record<string, () => void>> = {
  w: () => void picture.call(zooming.scaleBy, ENLARGE),
  s: () => void picture.call(zooming.scaleBy, 1 / ENLARGE),
  a: () => pan(PAN),
  d: () => pan(-PAN),
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  f: fit,
  '/': () => search.focus(),
  Escape: () => choose(undefined),
};

function pan(part: number): void {
  const width = scroller.clientWidth - LABEL_WIDTH;
  picture.call(zooming.translateBy, (part * width) / zoomTransform(canvas).k, 0);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') search.blur();
    return;
  }
  const act = KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});
canvas.addEventListener('click', ({ offsetX, offsetY }) => {
  choose(markAt(layout, time, offsetX, offsetY, scroller.scrollTop));
});
canvas.addEventListener('dblclick', fit);
canvas.addEventListener('pointermove', ({ offsetX, offsetY, clientX, clientY }) => {
  const mark = markAt(layout, time, offsetX, offsetY, scroller.scrollTop);
  tip.hidden = mark === undefined;
  canvas.style.cursor = mark === undefined ? 'grab' : 'pointer';
  if (mark === undefined) return;
  tip.textContent = mark.name;
  tip.style.left = `${clientX + 12}px`;
  tip.style.top = `${clientY + 14}px`;
});
canvas.addEventListener('pointerleave', () => (tip.hidden = true));
scroller.addEventListener('scroll', draw);
search.addEventListener('input', draw);
window.addEventListener('resize', resize);
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette = paletteOf(document.documentElement);
  listNames();
  draw();
});

element('counts').textContent = [
  `${timeline.marks.length} events`,
  `${layout.rows.length} rows`,
  timeText(timeline.lengthNs, timeline.lengthNs / 1000),
].join(', ');
if (data.leftOut > 0) {
  element('left-out').hidden = false;
  element('left-out').textContent = `${data.leftOut} later events have no place here`;
}
function listNames(): void {
  element('names').replaceChildren();
  const colourOf = (name: string) => colours.of(name, palette);
  showNames(element('names'), timeline, colourOf, (name) => {
    search.value = name;
    selected = undefined;
    step(1);
  });
}

listNames();
resize();
const first = decodeURIComponent(location.hash.slice(1));
if (first !== '') goTo(timeline.marks.find(({ name }) => name === first));
