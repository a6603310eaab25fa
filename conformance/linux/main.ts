// The command line of the comparison; see README.md.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RSEQ_PROFILES } from '@rseqlab/rseq-runtime';
import { missing } from './real/native-program.js';
import { reportText } from './report/report-text.js';
import { runComparison } from './run-comparison.js';

const USAGE = `usage: npm run conformance -- [--profile ${RSEQ_PROFILES.join('|')}] [--json]

Puts the same cases to the running kernel and to the simulated one.
--profile P  the simulated kernel; default what describes the running one
--json       the report as JSON

Exit status: 0 every case agrees or is explained, or this machine cannot be asked; 1 one is not;
2 bad use.`;

/** Where the C program is, seen from the bundle. */
const SOURCES = fileURLToPath(new URL('../native/', import.meta.url));

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const reason = missing();
  if (reason !== undefined) {
    console.log(
      values.json
        ? JSON.stringify({ skipped: reason })
        : `skipped: this machine cannot be asked: ${reason}`,
    );
    return 0;
  }
  const report = await runComparison(SOURCES, values.profile);
  console.log(values.json ? JSON.stringify(report, undefined, 2) : reportText(report));
  return report.counts.disagree > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
