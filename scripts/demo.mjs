// `npm run demo`: from a fresh clone to a counter that loses updates, and the schedule of it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

/**
 * A step of the demo: `rseqlab`, or another program where it is installed, with these arguments must exit with
 * this status.
 *
 * @typedef {object} Step
 * @property {string} title
 * @property {string} text
 * @property {readonly string[]} parameters
 * @property {number} status
 * @property {string} [program] default `rseqlab`
 */

/** Where the trace is written; anew each time. */
const trace = 'node_modules/.cache/demo/trace';

/** @type {readonly Step[]} */
const steps = [
  {
    title: 'A per-CPU counter, built on a restartable sequence, runs',
    text: 'Eight threads on four simulated CPUs count without one atomic, while others interrupt them.',
    parameters: ['run', 'examples/counting-under-load.ts'],
    status: 0,
  },
  {
    title: 'It is right in every interleaving',
    text: 'Two threads, two CPUs: wherever the kernel interrupts a sequence, it restarts it.',
    parameters: ['check', 'examples/per-cpu-counter.ts'],
    status: 0,
  },
  {
    title: 'Without rseq it loses an update (exit status 1)',
    text: 'The same code on a kernel that never restarts a sequence; this schedule shows why.',
    parameters: ['check', 'examples/per-cpu-counter-without-rseq.ts'],
    status: 1,
  },
  {
    title: 'An allocator takes blocks from per-CPU free lists without a lock or an atomic',
    text: 'Pop reads the link of the first block: safe, since whoever comes in between restarts it.',
    parameters: ['check', 'examples/free-list.ts'],
    status: 0,
  },
  {
    title: 'A debugger that single-steps through a sequence aborts it for ever',
    text: 'Each trap restarts the add: 32 aborts until the debugger gives up and lets it go.',
    parameters: ['run', 'examples/single-step-livelock.ts'],
    status: 0,
  },
  {
    title: 'cpu_opv rescues it',
    text: 'The same work as a vector of operations, derived from the sequence, done by the kernel.',
    parameters: ['run', 'examples/single-step-rescue.ts'],
    status: 0,
  },
  {
    title: 'Memory is as weak as on x86 (exit status 1)',
    text: 'Two threads raise their flags and look at the other: stores wait in buffers, both miss it.',
    parameters: ['check', 'examples/store-buffering.ts'],
    status: 1,
  },
  {
    title: 'Litmus tests have the verdicts the field agrees on: sequential consistency',
    text: 'Every test in every interleaving, compared with a table of expected final states.',
    parameters: litmus('sc'),
    status: 0,
  },
  {
    title: 'Litmus tests have the verdicts the field agrees on: total store order',
    text: 'The same tests with a store buffer in every CPU.',
    parameters: litmus('tso'),
    status: 0,
  },
  {
    title: 'Litmus tests under a memory as weak as ARMv8',
    text: 'Stores leave their buffers out of order, loads look back as far as their ordering allows.',
    parameters: litmus('weak'),
    status: 0,
  },
  {
    title: 'Litmus tests in C, of RCU and SRCU',
    text: 'What the Linux kernel memory model forbids is never seen; a deadlock is named with its cycle.',
    parameters: ['litmus', 'examples/lkmm', '--expect', 'examples/lkmm/expected.tsv'],
    status: 0,
  },
  {
    title: 'A service on RCU runs, and is traced',
    text: 'Packets find routes without a lock while routes are replaced and freed behind grace periods.',
    parameters: ['run', 'examples/routing-table.ts', '--trace', trace],
    status: 0,
  },
  {
    title: 'Its trace is in the format that babeltrace2 and Trace Compass read',
    text: 'Who ran where and when, wake-ups, system calls and restarted sequences of the service.',
    parameters: ['trace', 'stats', trace],
    status: 0,
  },
  {
    title: 'The reader of the field counts the same events',
    text: 'babeltrace2 comes with most systems that have LTTng.',
    program: 'babeltrace2',
    parameters: [trace, '-c', 'sink.utils.counter', '-p', 'step=+0'],
    status: 0,
  },
  {
    title: 'It makes a picture: open the page in a browser',
    text: 'A row for every CPU, and on it the threads that ran; --to perfetto is for ui.perfetto.dev.',
    parameters: ['trace', 'convert', trace, `${trace}.html`, '--to', 'html'],
    status: 0,
  },
  {
    title: 'A grace period that is too short (exit status 1)',
    text: 'One flip of the period looks right, until a reader is caught between load and count.',
    parameters: ['check', 'examples/grace-period-one-flip.ts'],
    status: 1,
  },
];

/** @param {string} model */
function litmus(model) {
  const folder = 'examples/litmus';
  return ['litmus', folder, '--model', model, '--expect', `${folder}/expected.tsv`];
}

/**
 * @param {string} program
 * @param {readonly string[]} parameters
 */
function run(program, parameters) {
  return spawnSync(program, parameters, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && program !== process.execPath,
  }).status;
}

const isTerminal = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

/** @param {string} text */
const bold = (text) => (isTerminal ? `\u001b[1m${text}\u001b[0m` : text);

if (!ensureInstalled()) process.exit(1);
if (run('npm', ['run', '--silent', 'build']) !== 0) process.exit(1);

const scratch = join(root, dirname(trace));
rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });

let failed = 0;
for (const [index, { title, text, parameters, status, program }] of steps.entries()) {
  console.log(`\n${bold(`${String(index + 1)}. ${title}`)}\n   ${text}\n`);
  console.log(`$ ${program ?? 'npx rseqlab'} ${parameters.join(' ')}\n`);
  if (program !== undefined && spawnSync(program, ['--version']).status !== 0) {
    console.log(`(skipped: there is no ${program})`);
    continue;
  }
  const got =
    program === undefined
      ? run(process.execPath, ['packages/cli/bin/rseqlab.js', ...parameters])
      : run(program, parameters);
  if (got === status) continue;
  failed += 1;
  console.error(`expected exit status ${String(status)}, got ${String(got)}`);
}

if (failed === 0)
  console.log(`\n${bold(`All ${String(steps.length)} steps went as they should.`)}`);
else console.error(`\n${String(failed)} of ${String(steps.length)} steps went wrong.`);
process.exitCode = failed === 0 ? 0 : 1;
