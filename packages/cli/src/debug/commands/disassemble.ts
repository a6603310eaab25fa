import { textAt, WordKind } from '@rseqlab/sim-machine';
import type { InstalledProgram, Program } from '@rseqlab/sim-machine';
import { addressOf, codeAt, hexadecimal } from '../code-place.js';
import type { DebugSession } from '../debug-session.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { expectAlive } from '../words.js';

/** Bytes of a program that are shown before and behind the place that was asked for. */
const SHOWN_BYTES = 160;

/** Size of a `struct rseq_cs`. */
const DESCRIPTOR_BYTES = 32;

interface CodeLine {
  readonly address: number;
  readonly labels: readonly string[];
  readonly text: string;
  readonly note: string | undefined;
  /** The section that it is part of. */
  readonly section: string | undefined;
  /** Threads whose next instruction it is. */
  readonly threads: readonly number[];
  /** Breakpoints there. */
  readonly breakpoints: readonly number[];
}

/** A program as text, with the places of threads, sections and breakpoints. */
export const disassemble: DebuggerCommand = {
  name: 'disassemble',
  aliases: ['disas', 'l'],
  usage: '[WHERE]',
  summary: 'show the code around a place, or where the selected thread is',
  details:
    'In the margin: => the selected thread, T1 another one, B a breakpoint; | a critical section.\nWHERE is as for break.',
  run(session, words) {
    const { machine } = session.run;
    const text = words.join(' ');
    if (text === '') expectAlive(session, session.selected);
    const address = text === '' ? session.ipOf(session.selected) : addressOf(machine, text);
    const installed = codeAt(machine, address, text === '' ? hexadecimal(address) : text);
    const lines = linesOf(session, installed, address);
    const shown = lines.flatMap((line) => lineText(session, line));
    return reply(`${installed.program.name}\n${shown.join('\n')}\n`, {
      program: installed.program.name,
      lines,
    });
  },
};

function linesOf(
  session: DebugSession,
  { program, address }: InstalledProgram,
  around: number,
): readonly CodeLine[] {
  const { run, breakpoints } = session;
  const lines: CodeLine[] = [];
  for (let offset = 0; offset < program.sizeBytes; offset += 4) {
    const at = address + offset;
    const labels = [...program.labels]
      .filter(([, place]) => place === offset)
      .map(([name]) => name);
    const text = lineOf(program, offset, labels.length > 0);
    if (Math.abs(at - around) > SHOWN_BYTES || text === undefined) continue;
    lines.push({
      address: at,
      labels,
      text,
      note: program.sources.get(offset >> 2)?.note,
      section: session.sections.at(at)?.name,
      threads: run.threads
        .filter(({ thread, state }) => state !== 'ended' && session.ipOf(thread) === at)
        .map(({ thread }) => thread),
      breakpoints: breakpoints.all
        .filter(({ place }) => place.kind === 'address' && place.address === at)
        .map(({ number }) => number),
    });
  }
  return lines;
}

/** The text of a word; undefined for one that is part of what was shown before, or fills a gap. */
function lineOf(program: Program, offset: number, hasLabel: boolean): string | undefined {
  const kind = program.kinds[offset >> 2];
  if (kind === WordKind.Literal) return undefined;
  const section = program.sections.find(
    ({ descriptor }) => offset >= descriptor && offset < descriptor + DESCRIPTOR_BYTES,
  );
  if (section?.descriptor === offset) return 'struct rseq_cs';
  const isGap = kind === WordKind.Data && !hasLabel && program.words[offset >> 2] === 0;
  return isGap || section !== undefined ? undefined : textAt(program, offset);
}

function lineText({ selected }: DebugSession, line: CodeLine): string[] {
  const others = line.threads.filter((thread) => thread !== selected).map((thread) => `T${thread}`);
  const here = line.threads.includes(selected) ? ['=>'] : [];
  const marks = [...line.breakpoints.map(() => 'B'), ...others, ...here].join(' ');
  const bar = line.section === undefined ? ' ' : '|';
  const note = line.note === undefined ? '' : `  ; ${line.note}`;
  return [
    ...line.labels.map((label) => `${''.padStart(8)} ${label}:`),
    `${marks.padStart(8)} ${bar} ${hexadecimal(line.address)}  ${line.text}${note}`,
  ];
}
