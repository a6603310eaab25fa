import Table from 'cli-table3';
import type { Agreement, ComparedCase } from '../compare/compare.js';
import type { KernelNote } from '../real/kernel-note.js';
import type { ConformanceReport } from './conformance-report.js';

const AGREEMENT_TEXT: Readonly<Record<Agreement, string>> = {
  agree: 'yes',
  explained: 'no, explained',
  disagree: 'NO',
  unavailable: 'not asked',
  inexpressible: 'not asked',
};

const KIND_TEXT: Readonly<Record<KernelNote['kind'], string>> = {
  linux: 'Linux',
  gvisor: 'gVisor, which is not Linux and only resembles it',
  wsl1: 'WSL 1, which is not Linux and only resembles it',
};

/** A report as a person reads it. */
export function reportText(report: ConformanceReport): string {
  const { kernel, profile, profileReason, rows, counts, outdated } = report;
  const lines = [
    kernelText(kernel),
    `simulated: profile ${profile}, ${profileReason}`,
    '',
    tableText(rows),
    '',
    ...reasonsText(rows),
    ...outdated.map((name) => `${name}: agrees, although a disagreement is explained`),
    `${rows.length} cases: ${counts.agree} agree, ${counts.explained} differ for a known reason, ` +
      `${counts.disagree} differ; ${counts.unavailable} not asked here, ` +
      `${counts.inexpressible} not in the simulation`,
  ];
  return lines.join('\n');
}

function kernelText({ release, kind, virtual, debugRseq, cpus }: KernelNote): string {
  const where = virtual ? ' in a virtual machine' : '';
  return `real: ${KIND_TEXT[kind]} ${release}${where}, ${cpus} CPUs, CONFIG_DEBUG_RSEQ ${debugRseq}`;
}

function tableText(rows: readonly ComparedCase[]): string {
  const table = new Table({
    head: ['case', 'real', 'simulated', 'agree'],
    style: { head: [], border: [], compact: true },
  });
  let topic = '';
  for (const row of rows) {
    if (row.topic !== topic) table.push([{ content: row.topic.toUpperCase(), colSpan: 4 }]);
    topic = row.topic;
    table.push([row.name, row.real, row.simulated, AGREEMENT_TEXT[row.agreement]]);
  }
  return table.toString();
}

/** Each reason once, with the cases that it is about. */
function reasonsText(rows: readonly ComparedCase[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of rows)
    if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name]);
  return [...names].map(([reason, cases]) => `${cases.join(', ')}:\n  ${reason}\n`);
}
