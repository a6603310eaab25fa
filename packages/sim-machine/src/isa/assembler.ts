import { definitionOf, isMnemonic } from './instruction-set.js';
import { OPERAND_FORMATS, type Operand } from './operand-format.js';
import { operandProblem, type Operands } from './operands.js';
import { assemblyError, ProgramAssembly } from './program-assembly.js';
import type { Program } from './program.js';
import { SourceLine } from './source-line.js';

/**
 * Assembles a text.
 *
 * ```
 * add:                              ; a label; from ; # or // on, a line is a note
 *   li32 r5, cs                     ; the address of a label
 *   st32 r5, [r1 + 8]
 * start:
 *   ld32 r4, [r2]
 *   add r4, r4, r3
 *   st32 r4, [r2]
 * done:
 *   ret
 *   .word 0x53053053                ; data: words, or addresses of labels
 * aborted:
 *   jmp add                         ; or .+8, .-8: bytes from here
 *   .descriptor cs, start, done, aborted, 0x53053053
 * ```
 *
 * `.align 16` fills up with zero words. A descriptor is aligned by itself.
 *
 * @param name what messages and reports call the program
 * @throws MachineError `ERR_ASSEMBLY` at the first mistake: "name:line:column: expected ..., got ..."
 */
export function assemble(source: string, name = 'program'): Program {
  const assembly = new ProgramAssembly(name);
  for (const [index, text] of source.split(/\r?\n/).entries())
    assembleLine(assembly, new SourceLine(name, index + 1, text), index + 1);
  return assembly.finish();
}

function assembleLine(assembly: ProgramAssembly, line: SourceLine, number: number): void {
  for (let label = line.optionalLabel(); label !== undefined; label = line.optionalLabel()) {
    assembly.label(label, line.where);
    line.expect(':');
  }
  if (line.atEnd()) return;
  const name = line.name('an instruction, a directive or a label');
  const write = name.startsWith('.')
    ? directive(assembly, line, name)
    : instruction(assembly, line, name);
  if (!line.atEnd()) throw line.unexpected('the end of the line');
  const note = line.comment();
  assembly.source({ line: number, ...(note === undefined ? {} : { note }) });
  write();
}

function instruction(assembly: ProgramAssembly, line: SourceLine, name: string): () => void {
  const { where } = line;
  if (!isMnemonic(name)) throw assemblyError(where, `expected an instruction, got "${name}"`);
  let operands: Operands = {};
  let place = where;
  for (const [index, operand] of OPERAND_FORMATS[definitionOf(name).format].entries()) {
    if (index > 0) line.expect(',');
    operands = { ...operands, ...readOperand(line, operand) };
    if (operands.label !== undefined) place = line.where;
  }
  return () => assembly.instruction(name, operands, place);
}

function readOperand(line: SourceLine, operand: Operand): Operands {
  switch (operand) {
    case 'a':
      return { a: line.register() };
    case 'b':
      return { b: line.register() };
    case 'c':
      return { c: line.register() };
    case 'pair':
      return { a: inRange(line, operand, line.register()) };
    case 'immediate':
    case 'shift':
      return { immediate: inRange(line, operand, line.number('a number')) };
    case 'literal': {
      const label = line.optionalName();
      if (label !== undefined) return { label };
      return { immediate: inRange(line, operand, line.number('a number or a label')) };
    }
    case 'memory':
    case 'shortMemory': {
      line.expect('[');
      const b = line.register();
      if (line.skip(']')) return { b };
      const immediate = inRange(line, operand, line.number('"]", "+ offset" or "- offset"'));
      line.expect(']');
      return { b, immediate };
    }
    case 'target': {
      const label = line.optionalName();
      if (label !== undefined) return { label };
      if (!line.skip('.')) throw line.unexpected('a label, ".+bytes" or ".-bytes"');
      return { immediate: inRange(line, operand, line.number('"+bytes" or "-bytes"')) };
    }
  }
}

function inRange(line: SourceLine, operand: Operand, value: number): number {
  const problem = operandProblem(operand, value);
  if (problem !== undefined) throw assemblyError(line.where, problem);
  return value;
}

function directive(assembly: ProgramAssembly, line: SourceLine, name: string): () => void {
  const { where } = line;
  switch (name) {
    case '.word': {
      const words = list(line, () => ({
        value: line.optionalName() ?? literal(line),
        place: line.where,
      }));
      return () => {
        for (const { value, place } of words) assembly.word(value, place);
      };
    }
    case '.align': {
      const bytes = line.number('a number of bytes');
      return () => assembly.align(bytes, where);
    }
    case '.descriptor': {
      const next = (what: string): string => {
        const label = line.name(what);
        line.expect(',');
        return label;
      };
      const section = next('the name of a section');
      const start = next('the label of the start');
      const postCommit = next('the label behind the commit');
      const abort = next('the label of the abort handler');
      const signature = literal(line);
      return () => assembly.descriptor(section, { start, postCommit, abort, signature }, where);
    }
    default:
      throw assemblyError(where, `expected ".word", ".align" or ".descriptor", got "${name}"`);
  }
}

function literal(line: SourceLine): number {
  return inRange(line, 'literal', line.number('a number or a label'));
}

function list<Item>(line: SourceLine, read: () => Item): Item[] {
  const items = [read()];
  while (line.skip(',')) items.push(read());
  return items;
}
