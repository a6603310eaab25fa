// Measures what docs/urcu-proof.md has in its tables: npm run proof -- [bugs|barriers|kills|structures|poisoned|grace-periods|signals]
import { ablationTable } from './ablation-table.js';
import { bugTable } from './bug-table.js';
import { gracePeriodTable } from './grace-period-table.js';
import { killTable } from './kill-table.js';
import { poisonedTable } from './poisoned-table.js';
import { signalTable } from './signal-table.js';
import { structureTable } from './structure-table.js';

const TABLES = {
  bugs: bugTable,
  barriers: ablationTable,
  kills: killTable,
  structures: structureTable,
  poisoned: poisonedTable,
  'grace-periods': gracePeriodTable,
  signals: signalTable,
} as const;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(TABLES, name));
if (unknown.length > 0) {
  console.error(`expected ${Object.keys(TABLES).join(' or ')}, got ${unknown.join(', ')}`);
  process.exitCode = 2;
} else
  for (const [name, table] of Object.entries(TABLES))
    if (names.length === 0 || names.includes(name)) console.log(`${table()}\n`);
