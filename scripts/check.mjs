// `npm test`: installs what is missing, then runs every stage, or those named on the command line.
import { ensureInstalled, root } from './install.mjs';
import { runStages, summaryOf, totalOf } from './run-stages.mjs';
import { stages } from './stages.mjs';

const logs = 'node_modules/.cache/checks';
const shownLines = 200;

/** @param {string} output */
function tail(output) {
  const lines = output.trimEnd().split('\n');
  return lines.length <= shownLines
    ? lines.join('\n')
    : [`... (the beginning is in ${logs})`, ...lines.slice(-shownLines)].join('\n');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  const known = stages.map(({ name }) => name).join(', ');
  console.error(`expected stages among ${known}; got ${unknown.join(', ')}`);
  process.exit(2);
}

const started = Date.now();
if (!ensureInstalled()) {
  console.error('the dependencies could not be installed');
  console.log(summaryOf({ passed: 0, failed: 1, skipped: 0 }));
  process.exit(1);
}

const chosen = wanted.length === 0 ? stages : stages.filter(({ name }) => wanted.includes(name));
const results = await runStages(chosen, {
  root,
  logs,
  slots: 2,
  onStart: ({ name }) => {
    console.log(`  ..  ${name}`);
  },
  onEnd: ({ name, ok, seconds, output, count }) => {
    const tests = count.passed + count.failed + count.skipped > 1 ? ` (${summaryOf(count)})` : '';
    console.log(`${ok ? '  ok  ' : ' FAIL '}${name} ${seconds.toFixed(1)} s${tests}`);
    if (!ok) console.log(`\n${tail(output)}\n`);
  },
});

const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}; whole logs in ${logs}`);
const { skipped, ...total } = totalOf(results);
const left = skipped === 0 ? '' : `, ${String(skipped)} tests skipped`;
console.log(
  `${String(results.length)} stages in ${((Date.now() - started) / 1000).toFixed(0)} s${left}`,
);
// Always of this form, whatever was skipped.
console.log(summaryOf({ ...total, skipped: 0 }));
process.exitCode = failed.length > 0 ? 1 : 0;
