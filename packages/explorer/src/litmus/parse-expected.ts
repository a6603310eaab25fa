import {
  LITMUS_MODELS,
  type ExpectedOutcome,
  type ExpectedResult,
  type LitmusModel,
} from './expected-result.js';
import { SourceText } from './source-text.js';
import { statedVerdict, type StatedVerdict } from './stated-verdict.js';

interface Cell {
  readonly text: string;
  readonly offset: number;
}

type Row = ReadonlyMap<string, Cell>;

const NOT_STATED = '-';
const COLUMNS = [
  ...['file', ...LITMUS_MODELS, ...LITMUS_MODELS.map((model) => `states_${model}`)],
  ...['verdict', 'processes'],
];
const STATE = /^(?:(?:\d+:[A-Za-z0-9_]+|\[[A-Za-z_.][A-Za-z0-9_.]*\])=[^;=\s]+;(?: (?!$)|$))*$/;

/**
 * Reads a table of expected results: tab-separated, one test a line, under a line with the names of
 * the columns.
 *
 * | column | content |
 * |---|---|
 * | `file` | path of the test, relative to the table |
 * | `sc`, `tso`, `pso`, `weak` | verdict under that model |
 * | `states_sc` and so on | all final states, with ` | ` between them |
 * | `verdict` | verdict of the Linux kernel memory model, as C tests carry it |
 * | `processes` | number of threads, for people |
 *
 * Columns come in any order; all but `file` may be missing, and `-` says that nothing is stated.
 *
 * @param text - the whole table
 * @param file - the name that complaints carry
 * @returns the rows by the test's path
 * @throws LitmusError `ERR_LITMUS_EXPECTED` with line and column.
 */
export function parseExpected(text: string, file: string): ReadonlyMap<string, ExpectedResult> {
  const source = new SourceText(file, text);
  const [header, ...lines] = linesOf(text);
  const columns = parseColumns(source, header ?? { text: '', offset: 0 });
  const results = new Map<string, ExpectedResult>();
  for (const line of lines) {
    const row = parseRow(source, line, columns);
    const name = row.get('file')!;
    if (name.text === '') fail(source, name, 'the path of a test');
    if (results.has(name.text)) fail(source, name, 'a test that has no row yet');
    const stated = statedCell(row, 'verdict');
    const lkmm = stated === undefined ? {} : { lkmm: parseVerdict(source, stated) };
    results.set(name.text, { file: name.text, outcomes: parseOutcomes(source, row), ...lkmm });
  }
  return results;
}

/** The lines that are not blank, without their line ends. */
function linesOf(text: string): readonly Cell[] {
  const lines: Cell[] = [];
  for (const match of text.matchAll(/[^\r\n]+/g))
    if (match[0].trim() !== '') lines.push({ text: match[0], offset: match.index });
  return lines;
}

function cellsOf({ text, offset }: Cell): readonly Cell[] {
  let next = offset;
  return text.split('\t').map((cell) => {
    const start = next;
    next += cell.length + 1;
    return { text: cell, offset: start };
  });
}

function parseColumns(source: SourceText, header: Cell): readonly string[] {
  const cells = cellsOf(header);
  cells.forEach((cell, index) => {
    const known = COLUMNS.includes(cell.text);
    const repeated = cells.findIndex(({ text }) => text === cell.text) !== index;
    if (!known || repeated) fail(source, cell, `a column, each once, of ${COLUMNS.join(', ')}`);
  });
  const columns = cells.map(({ text }) => text);
  if (!columns.includes('file')) fail(source, header, "a column 'file'");
  return columns;
}

function parseRow(source: SourceText, line: Cell, columns: readonly string[]): Row {
  const cells = cellsOf(line);
  if (cells.length !== columns.length) {
    const expected = `${columns.length} cells with tabs between them`;
    source.fail('ERR_LITMUS_EXPECTED', line.offset, expected, `${cells.length}`);
  }
  return new Map(columns.map((column, index) => [column, cells[index]!]));
}

function parseOutcomes(source: SourceText, row: Row): ExpectedResult['outcomes'] {
  const outcomes: Partial<Record<LitmusModel, ExpectedOutcome>> = {};
  for (const model of LITMUS_MODELS) {
    const verdict = statedCell(row, model);
    const states = statedCell(row, `states_${model}`);
    if (verdict) outcomes[model] = parseOutcome(source, verdict, states);
    else if (states) fail(source, states, `'${NOT_STATED}', since no verdict is stated either`);
  }
  return outcomes;
}

function statedCell(row: Row, column: string): Cell | undefined {
  const cell = row.get(column);
  return cell?.text === NOT_STATED ? undefined : cell;
}

function parseOutcome(source: SourceText, cell: Cell, states: Cell | undefined): ExpectedOutcome {
  const verdict = parseVerdict(source, cell);
  return states ? { verdict, states: parseStates(source, states) } : { verdict };
}

function parseVerdict(source: SourceText, cell: Cell): StatedVerdict {
  const expected = `Never, Sometimes, Always, DEADLOCK, 'Flag ...' or '${NOT_STATED}'`;
  return statedVerdict(cell.text) ?? fail(source, cell, expected);
}

function parseStates(source: SourceText, { text, offset }: Cell): readonly string[] {
  let next = offset;
  return text.split(' | ').map((state) => {
    const cell = { text: state, offset: next };
    next += state.length + ' | '.length;
    return STATE.test(state) ? state : fail(source, cell, 'a state such as 0:rax=1; [x]=2;');
  });
}

function fail(source: SourceText, { text, offset }: Cell, expected: string): never {
  const got = text === '' ? 'nothing' : source.quote(offset, offset + text.length);
  return source.fail('ERR_LITMUS_EXPECTED', offset, expected, got);
}
