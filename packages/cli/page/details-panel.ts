import { timeText } from './time-text.js';
import type { Mark, Timeline } from './timeline.js';

/** Rows of the table of names. */
const MOST_NAMES = 200;

/** Says of a mark what was recorded of it. */
export function showDetails(list: HTMLElement, mark: Mark | undefined): void {
  list.replaceChildren();
  if (mark === undefined) return;
  const { row, name, category, from, to, isMoment, details } = mark;
  add(list, 'event', category === '' || category === name ? name : `${category}:${name}`);
  add(list, 'on', row.group === 'CPUs' ? row.name : `${row.name}, ${row.group}`);
  add(list, 'at', timeText(from));
  if (!isMoment) add(list, 'lasts', timeText(to - from));
  for (const [field, value] of Object.entries(details)) add(list, field, valueText(value));
}

function add(list: HTMLElement, term: string, text: string): void {
  const dt = document.createElement('dt');
  dt.textContent = term;
  const dd = document.createElement('dd');
  dd.textContent = text;
  list.append(dt, dd);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Lists what there is, with how often and how long; a click on a name looks for it. */
export function showNames(
  body: HTMLElement,
  { marks }: Timeline,
  colourOf: (name: string) => string,
  onName: (name: string) => void,
): void {
  const names = new Map<string, { count: number; ns: number; isMoment: boolean }>();
  for (const { name, from, to, isMoment } of marks) {
    const known = names.get(name) ?? { count: 0, ns: 0, isMoment: true };
    known.count += 1;
    known.ns += to - from;
    known.isMoment &&= isMoment;
    names.set(name, known);
  }
  const listed = [...names].sort(([, a], [, b]) => b.ns - a.ns || b.count - a.count);
  for (const [name, { count, ns, isMoment }] of listed.slice(0, MOST_NAMES)) {
    const line = document.createElement('tr');
    for (const text of [name, String(count), isMoment ? '' : timeText(ns, ns / 1000)]) {
      const cell = document.createElement('td');
      cell.textContent = text;
      line.append(cell);
    }
    const dot = document.createElement('i');
    dot.style.background = colourOf(name);
    line.firstElementChild?.prepend(dot);
    line.addEventListener('click', () => onName(name));
    body.append(line);
  }
}
