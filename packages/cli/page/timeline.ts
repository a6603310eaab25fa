import type { PageData, PageEvent } from './page-data.js';

/** Something that is drawn: a slice from `from` to `to`, or a moment, where both are the same. */
export interface Mark {
  readonly row: Row;
  readonly isMoment: boolean;
  readonly name: string;
  readonly category: string;
  /** Nanoseconds from the first event. */
  readonly from: number;
  to: number;
  /** How many slices are around it. */
  readonly depth: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A CPU or a thread, with what is on it in the order of time. */
export interface Row {
  readonly name: string;
  /** What the row is listed under: the CPUs, a process, or a thread of which nobody knows the process. */
  readonly group: string;
  /** Slices by how many are around them; those of one lane do not overlap. At least one. */
  readonly lanes: Mark[][];
  readonly moments: Mark[];
}

export interface Timeline {
  readonly rows: readonly Row[];
  /** All marks by the time of their beginning. */
  readonly marks: readonly Mark[];
  /** Nanoseconds from the first event to the last. */
  readonly lengthNs: number;
}

/** Makes rows of slices and moments of what the command wrote. */
export function timelineOf({ items }: PageData): Timeline {
  const rows = new Map<number, Row>();
  const open = new Map<Row, Mark[]>();
  const marks: Mark[] = [];
  let lengthNs = 0;
  for (const item of items) {
    if (item[0] === 't') {
      const [, id, name, group] = item;
      const row = { name, group, lanes: [[]], moments: [] };
      rows.set(id, row);
      open.set(row, []);
      continue;
    }
    const [, id, ns] = item;
    const row = rows.get(id);
    if (row === undefined) continue;
    lengthNs = Math.max(lengthNs, ns);
    const stack = open.get(row)!;
    if (item[0] === 'E') {
      const closed = stack.pop();
      if (closed !== undefined) closed.to = ns;
      continue;
    }
    const mark = markOf(item, row, stack.length);
    marks.push(mark);
    if (mark.isMoment) row.moments.push(mark);
    else {
      (row.lanes[stack.length] ??= []).push(mark);
      stack.push(mark);
    }
  }
  // What the end of the trace cuts off lasts until there.
  for (const stack of open.values()) for (const mark of stack) mark.to = lengthNs;
  return { rows: [...rows.values()].sort(byGroup), marks, lengthNs };
}

function markOf(
  [kind, , ns, name, category, details]: Exclude<PageEvent, readonly ['E', ...unknown[]]>,
  row: Row,
  depth: number,
): Mark {
  const isMoment = kind === 'i';
  return {
    row,
    isMoment,
    name: name || category,
    category,
    from: ns,
    to: ns,
    depth,
    details: details ?? {},
  };
}

/** CPUs come first, then processes and threads by number; within, rows by name as a reader counts. */
function byGroup(a: Row, b: Row): number {
  const order = Number(b.group === 'CPUs') - Number(a.group === 'CPUs');
  if (order !== 0) return order;
  const options = { numeric: true };
  return (
    a.group.localeCompare(b.group, undefined, options) ||
    a.name.localeCompare(b.name, undefined, options)
  );
}

/** Index of the first mark of a lane, or of moments, that ends at or after a time. */
export function firstEndingFrom(marks: readonly Mark[], ns: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.to < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
