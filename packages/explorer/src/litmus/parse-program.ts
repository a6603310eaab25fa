import type { LitmusThread, PlacedInstruction } from './litmus-test.js';
import { isAtCondition } from './parse-condition.js';
import { parseInstruction } from './parse-instruction.js';
import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

interface Column {
  readonly instructions: PlacedInstruction[];
  readonly labels: Map<string, number>;
  /** The labels that the column's jumps name, as they stand in the text. */
  readonly targets: Token[];
}

/**
 * Parses the columns of the program: `P0 | P1 ;` and the rows of instructions below, up to the
 * condition.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, `ERR_LITMUS_INSTRUCTION`, or `ERR_LITMUS_REFERENCE` for
 *   a label given twice.
 */
export function parseProgram(stream: TokenStream): readonly LitmusThread[] {
  const columns = parseColumnNames(stream);
  while (!isAtCondition(stream) && stream.peek().kind !== 'end')
    columns.forEach((column, index) => {
      parseCell(stream, column);
      const isLast = index === columns.length - 1;
      if (isLast) stream.expect(';', `';' behind the cell of P${index}`);
      else stream.expect('|', `'|' behind the cell of P${index}`);
    });
  columns.forEach((column, index) => checkTargets(stream, column, index));
  return columns.map(({ instructions, labels }) => ({ instructions, labels }));
}

function checkTargets(stream: TokenStream, { targets, labels }: Column, index: number): void {
  const missing = targets.find(({ text }) => !labels.has(text));
  if (missing) stream.fail(`a label of P${index}`, missing, 'ERR_LITMUS_REFERENCE');
}

function parseColumnNames(stream: TokenStream): readonly Column[] {
  const columns: Column[] = [];
  do {
    stream.expect(`P${columns.length}`, `the column P${columns.length}`);
    columns.push({ instructions: [], labels: new Map(), targets: [] });
  } while (stream.accept('|'));
  stream.expect(';', "'|' or ';'");
  return columns;
}

function parseCell(stream: TokenStream, { instructions, labels, targets }: Column): void {
  while (stream.isAt(':', 1)) {
    const label = stream.expectKind('name', 'a label');
    if (labels.has(label.text))
      stream.fail('a label that this thread does not have yet', label, 'ERR_LITMUS_REFERENCE');
    labels.set(label.text, instructions.length);
    stream.take();
  }
  if (stream.isAt('|') || stream.isAt(';')) return;
  const { start } = stream.peek();
  const instruction = parseInstruction(stream);
  if (instruction.kind === 'jump') targets.push(stream.last());
  const text = stream.source.text.slice(start, stream.last().end);
  instructions.push({ instruction, text, position: stream.source.positionAt(start) });
}
