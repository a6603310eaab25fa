import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LkmmSearch, parseLkmm } from '@rseqlab/explorer';
import type { LkmmLimits, RcuEnvironment, SearchedModel } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation } from '@rseqlab/sim-machine';
import { RcuDomain } from '@rseqlab/urcu';
import { FlavourPort } from '../../src/litmus/flavour-port.js';
import type { TriedFile } from '../../src/litmus/tried-test.js';
import { boundsUnder } from './lkmm-bounds.js';
import { EVERY_PLACE, searchLkmmMatrix } from './lkmm-matrix.js';
import type { LkmmCell, LkmmMatrixOptions } from './lkmm-matrix.js';
import { matrixRow, sometimesRows, tallyOf } from './lkmm-table.js';
import { searchTest } from './lkmm-worker.js';
import type { LkmmTask } from './lkmm-worker.js';

const OWN = fileURLToPath(new URL('../../../../examples/lkmm', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../../../shared/litmus/lkmm', import.meta.url));
const isHere = existsSync(CORPUS);

/** Far less than the proof. */
const TIMES = 0.1;

/** What all but the first ask for must never be seen. */
const NAMES = ['SB', 'RCU+SB', 'SRCU+MP'];

/** What the places come to, with a search of this process. */
async function searched(
  options: Pick<LkmmMatrixOptions, 'folder' | 'names' | 'places' | 'resume'>,
  search: (task: LkmmTask) => TriedFile = searchTest,
): Promise<readonly LkmmCell[]> {
  const cells: LkmmCell[] = [];
  await searchLkmmMatrix(
    { ...options, times: TIMES, search: (task) => Promise.resolve(search(task)) },
    (cell) => void cells.push(cell),
  );
  return cells;
}

/** Makes sure that nothing disagrees, and that all was drawn that was to be. */
function expectNothingSeen(cell: LkmmCell): void {
  const { ended, seen, bounded, disagreeing, cut, samples } = tallyOf(cell);
  expect({ disagreeing, cut }).toEqual({ disagreeing: [], cut: [] });
  expect(ended + seen + bounded).toBe(cell.tests.length);
  expect(samples).toBeGreaterThanOrEqual(bounded * 2 * cell.bounds.samples);
}

describe('every flavour of the library, under every model', () => {
  it('shows nothing that must never be seen', async () => {
    const cells = await searched({ folder: OWN, names: NAMES });
    expect(cells).toHaveLength(7 * 3);
    cells.forEach(expectNothingSeen);
    // Not all of it is searched to its end.
    expect(cells.some((cell) => tallyOf(cell).bounded > 0)).toBe(true);
    expect(sometimesRows(cells)).toEqual([['SB', 0, 7, 7]]);
  });

  it('comes to the deadlock of who waits for itself', async () => {
    const places = EVERY_PLACE.filter(({ model }) => model !== 'weak');
    for (const cell of await searched({ folder: OWN, names: ['RCU+sync-inside'], places }))
      expect(cell.tests).toMatchObject([{ verdict: 'DEADLOCK', agrees: true }]);
  });

  it.skipIf(!isHere)(
    `shows none in a test of the kernel with three threads${isHere ? '' : ' (skipped: they are not beside the repository)'}`,
    async () => {
      const cells = await searched({ folder: CORPUS, names: ['auto/C-RW-GR+RW-R+RW-R'] });
      cells.forEach(expectNothingSeen);
    },
  );
});

/** A grace period that waits for nobody. */
class Hasty extends FlavourPort {
  override *synchronize(): Operation<void> {
    // See above.
  }
}

/** A domain with fences, some of which are missing. */
function withoutFences(missing: 'B' | 'A and end') {
  return (environment: RcuEnvironment): FlavourPort => {
    const { machine, process } = environment;
    const { address } = RcuDomain.create(machine, process);
    const scans = missing === 'B' ? 'fence' : 'none';
    const domain = new RcuDomain(machine, process, address, {
      ...{ begin: 'fence', A: scans, B: missing !== 'B', C: true, D: 'fence', E: 'fence' },
      ...{ wake: true, wait: 'fence', end: scans },
    });
    return new FlavourPort(environment, domain, 'fence');
  };
}

/** As the proof has them, but for transitions, which have the bound of executions there. */
function boundsOf(model: SearchedModel): LkmmLimits {
  const bounds = boundsUnder(model, 1);
  return { ...bounds, transitions: bounds.executions };
}

const hasty = (environment: RcuEnvironment): FlavourPort =>
  new Hasty(environment, RcuDomain.create(environment.machine, environment.process), 'fence');

describe('a library that is broken', () => {
  it.each([
    ['has grace periods that do not wait', 'sc', 'RCU+MP+reversed', hasty],
    ['lacks barrier B', 'tso', 'RCU+SB', withoutFences('B')],
    ['lacks barriers A and end', 'weak', 'RCU+SB', withoutFences('A and end')],
  ] satisfies [string, SearchedModel, string, (e: RcuEnvironment) => FlavourPort][])(
    'that %s disagrees within the same bounds, under %s: %s',
    async (_what, model, name, create) => {
      const places = [{ flavour: 'percpu-fence', model }] as const;
      const [cell] = await searched({ folder: OWN, names: [name], places }, ({ file }) => {
        const search = new LkmmSearch(model, { create, kernel: [rseq()], isSimulated: true });
        const test = parseLkmm(readFileSync(file, 'utf8'), file);
        const { outcome, complete, samples } = search.run(test, boundsOf(model));
        return {
          test: { ...outcome, file, name, dialect: 'C', samples: samples ?? 0 },
          complete,
        };
      });
      expect(tallyOf(cell!).disagreeing).toMatchObject([{ verdict: 'Sometimes', agrees: false }]);
      expect(matrixRow(cell!).slice(0, -1)).toEqual(['`percpu-fence`', model, 0, 0, 0, 1]);
    },
  );
});

describe('a resume file', () => {
  it('is gone on from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lkmm-'));
    try {
      const file = join(folder, 'resume');
      const options = { folder: OWN, names: ['SB'], places: EVERY_PLACE.slice(0, 2), resume: file };
      const first = await searched(options);
      const again = await searched(options, () => expect.unreachable('it is done'));
      expect(again).toEqual(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
