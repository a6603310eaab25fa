import { instructionText, wordText } from './instruction-text.js';
import { decodeInstruction, isCanonical } from './instruction-word.js';
import { WordKind, type Program } from './program.js';
import { DESCRIPTOR_BYTES, type SectionDescriptor } from './section-descriptor.js';
import { branchTarget } from './routine-flow.js';

/**
 * Writes a program as text that {@link assemble} makes the same program of: words, labels,
 * sections, relocations and notes.
 */
export function disassemble(program: Program): string {
  const labels = labelsByOffset(program);
  const sections = new Map(program.sections.map((section) => [section.descriptor, section]));
  const lines: string[] = [];
  for (let offset = 0; offset < program.sizeBytes;) {
    const section = sections.get(offset);
    const directive = section && descriptorText(section, labels);
    for (const label of labels.get(offset) ?? [])
      if (directive === undefined || label !== section!.name) lines.push(`${label}:`);
    const note = program.sources.get(offset >> 2)?.note;
    lines.push(
      `  ${directive ?? textAt(program, offset)}${note === undefined ? '' : ` ; ${note}`}`,
    );
    offset += directive === undefined ? lengthAt(program, offset) : DESCRIPTOR_BYTES;
  }
  for (const label of labels.get(program.sizeBytes) ?? []) lines.push(`${label}:`);
  return `${lines.join('\n')}\n`;
}

/**
 * The text of one word of a program: an instruction with the names of labels, or `.word`.
 *
 * @param offset byte offset of the instruction
 */
export function textAt(program: Program, offset: number): string {
  const index = offset >> 2;
  const word = program.words[index] ?? 0;
  const relocated = program.relocations.find((relocation) => relocation.word === index)?.label;
  if (program.kinds[index] !== WordKind.Instruction) return `.word ${relocated ?? wordText(word)}`;

  const instruction = decodeInstruction(word, program.words[index + 1] ?? 0);
  if (instruction === undefined || !isCanonical(word, instruction))
    return `.word ${wordText(word)}`;
  if (instruction.lengthBytes !== lengthAt(program, offset)) return `.word ${wordText(word)}`;
  const target = branchTarget(instruction, offset);
  return instructionText(instruction, {
    target: target === undefined ? undefined : labelsByOffset(program).get(target)?.[0],
    literal: program.relocations.find((relocation) => relocation.word === index + 1)?.label,
  });
}

/**
 * A place in a program for people, such as `cs.start+8: add r4, r4, r2 ; index the counter`.
 *
 * @param offset byte offset in the program
 */
export function describeAt(program: Program, offset: number): string {
  let nearest = '';
  let nearestOffset = -1;
  for (const [label, place] of program.labels)
    if (place <= offset && place > nearestOffset) {
      nearest = label;
      nearestOffset = place;
    }
  const distance = offset - Math.max(nearestOffset, 0);
  const place =
    nearest === '' ? `${program.name}+${offset}` : nearest + (distance > 0 ? `+${distance}` : '');
  const source = program.sources.get(offset >> 2);
  const line = source?.line === undefined ? '' : ` (line ${source.line})`;
  const note = source?.note === undefined ? '' : ` ; ${source.note}`;
  return `${place}${line}: ${textAt(program, offset)}${note}`;
}

function labelsByOffset(program: Program): Map<number, string[]> {
  const labels = new Map<number, string[]>();
  for (const [label, offset] of program.labels) {
    const others = labels.get(offset);
    if (others === undefined) labels.set(offset, [label]);
    else others.push(label);
  }
  return labels;
}

function lengthAt(program: Program, offset: number): number {
  return program.kinds[(offset >> 2) + 1] === WordKind.Literal ? 8 : 4;
}

/** The directive that makes a descriptor; undefined when its places have no labels. */
function descriptorText(
  { name, start, postCommit, abort, signature }: SectionDescriptor,
  labels: Map<number, string[]>,
): string | undefined {
  const places = [start, postCommit, abort].map((offset) => labels.get(offset)?.[0]);
  if (places.includes(undefined)) return undefined;
  return `.descriptor ${[name, ...places, wordText(signature)].join(', ')}`;
}
