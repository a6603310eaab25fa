import { TRACE_RULES, checkTrace } from '@rseqlab/trace-format';
import type { TraceCounts, TraceFinding, TraceRule } from '@rseqlab/trace-format';
import { Command, InvalidArgumentError } from 'commander';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { withTraces } from './trace-folder.js';
import type { OpenTrace } from './trace-folder.js';

interface CheckOptions {
  readonly allow: readonly TraceRule[];
  readonly json?: boolean;
}

const RULES = Object.keys(TRACE_RULES) as TraceRule[];

/** `rseqlab trace check DIR`: what is wrong with traces, more strictly than their readers. */
export function traceCheckCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('check')
    .description('find what is wrong with a trace, and with what readers do not notice')
    .argument('<folder>', 'folder with a trace, or with several at any depth')
    .option('--allow <rules>', 'rules that may be broken: sequence-gap,discarded-events', rules, [])
    .option('--json', 'print JSON')
    .addHelpText('after', `\nRules:\n${rulesText()}`)
    .action(async (path: string, { allow, json = false }: CheckOptions) => {
      const findings: TraceFinding[] = [];
      const take = (finding: TraceFinding): void => {
        if (allow.includes(finding.rule)) return;
        findings.push(finding);
        if (!json) io.out(findingText(finding));
      };
      const counts = await withTraces(path, io.folder, (traces) => checkAll(traces, take));
      if (json) io.out(`${JSON.stringify({ ...counts, findings }, undefined, 2)}\n`);
      else io.out(conclusion(findings, counts));
      ended(findings.length === 0 ? ExitStatus.Holds : ExitStatus.Finding);
    });
}

type Counts = TraceCounts & { traces: number };

function checkAll(traces: readonly OpenTrace[], take: (finding: TraceFinding) => void): Counts {
  const sum: Counts = { traces: traces.length, streams: 0, packets: 0, events: 0 };
  for (const trace of traces) {
    const run = checkTrace(trace);
    let step = run.next();
    for (; step.done !== true; step = run.next()) {
      const { file } = step.value;
      take(file === 'metadata' ? { ...step.value, file: `${trace.folder}/${file}` } : step.value);
    }
    sum.streams += step.value.streams;
    sum.packets += step.value.packets;
    sum.events += step.value.events;
  }
  return sum;
}

function findingText({
  rule,
  severity,
  message,
  file,
  packet,
  packetByte,
  bit,
}: TraceFinding): string {
  const place = packet === undefined ? '' : `, packet ${packet} at byte ${packetByte}`;
  const exact = bit === undefined ? '' : `, bit ${bit}`;
  return `${file}${place}${exact}: ${rule} (${severity}): ${message}\n`;
}

function conclusion(
  findings: readonly TraceFinding[],
  { traces, streams, packets, events }: Counts,
): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const found =
    findings.length === 0
      ? 'no findings'
      : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
  const amount = `${count(streams, 'stream')}, ${count(packets, 'packet')}, ${count(events, 'event')}`;
  return `${found} in ${count(traces, 'trace')}: ${amount}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Reads names of rules, separated by commas. */
function rules(text: string): TraceRule[] {
  return text.split(',').map((name) => {
    const rule = RULES.find((each) => each === name);
    if (rule === undefined)
      throw new InvalidArgumentError(`expected rules of ${RULES.join(', ')}, got '${name}'.`);
    return rule;
  });
}

function rulesText(): string {
  const width = Math.max(...RULES.map((rule) => rule.length));
  return RULES.map((rule) => {
    const { severity, says, babeltrace2 } = TRACE_RULES[rule];
    return `  ${rule.padEnd(width)}  ${says} (${severity}; babeltrace2: ${babeltrace2})\n`;
  }).join('');
}
