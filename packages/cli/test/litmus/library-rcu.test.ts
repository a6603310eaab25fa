import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LkmmSearch, compareLkmm, parseExpected, parseLkmm } from '@rseqlab/explorer';
import type { LkmmOutcome, RcuEnvironment, SearchedModel } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { CountedFlavour, RcuDomain } from '@rseqlab/urcu';
import { FlavourPort } from '../../src/litmus/flavour-port.js';
import { LITMUS_RCUS, litmusRcu } from '../../src/litmus/library-rcu.js';
import { command } from '../captured-io.js';

const OWN = fileURLToPath(new URL('../../../../examples/lkmm', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../../../shared/litmus/lkmm', import.meta.url));
const isHere = existsSync(CORPUS);

const FLAVOURS = LITMUS_RCUS.filter((name) => name !== 'kernel');

/** Two threads each, with few enough states for every flavour. */
const SAMPLE = ['auto/C-RW-G+RW-R.litmus', 'auto/C-RW-G+RW-R2I.litmus', 'auto/C-WR-GR+WR-R.litmus'];

function run(search: LkmmSearch, folder: string, file: string): LkmmOutcome {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const { outcome, complete } = search.run(parseLkmm(text, file));
  expect(complete).toBe(true);
  return outcome;
}

/** Tests of a folder that the kernel's memory model is contradicted by. */
function disagreeing(search: LkmmSearch, folder: string, files: readonly string[]): object[] {
  const table = parseExpected(readFileSync(`${folder}/expected.tsv`, 'utf8'), 'expected.tsv');
  return files.flatMap((file) => {
    const outcome = run(search, folder, file);
    const lkmm = table.get(file)!.lkmm!;
    return compareLkmm(outcome, { lkmm }).agrees ? [] : [{ file, lkmm, seen: outcome.verdict }];
  });
}

/** Whether threads register under a lock when they first read: far more interleavings than the tests have. */
const registersItself = (name: (typeof FLAVOURS)[number]): boolean => name === 'bp';

describe.each(FLAVOURS)('the library behind C tests, as %s', (name) => {
  it.each<SearchedModel>(['sc', 'tso'])('agrees with what is stated of them, under %s', (model) => {
    const search = new LkmmSearch(model, litmusRcu(name));
    const files = ['RCU+MP', 'SRCU+MP', 'RCU+unmatched-lock'];
    const underSc = ['RCU+sync-inside', 'RCU+MP+unprotected', 'SRCU+double-unlock'];
    const more = model === 'sc' ? underSc : registersItself(name) ? [] : ['RCU+SB'];
    const chosen = [...files, ...more].map((file) => `${file}.litmus`);
    expect(disagreeing(search, OWN, chosen)).toEqual([]);
  });

  if (registersItself(name)) return;
  it.skipIf(!isHere)(
    `agrees with the kernel's own tests${isHere ? '' : ' (skipped: they are not beside the repository)'}`,
    () => {
      const search = new LkmmSearch('sc', litmusRcu(name));
      expect(disagreeing(search, CORPUS, SAMPLE)).toEqual([]);
    },
  );
});

describe('a search of states', () => {
  it.each(['percpu', 'memb', 'bp', 'qsbr'] as const)(
    'finds what executions find, as %s',
    (name) => {
      const backend = litmusRcu(name);
      for (const file of ['RCU+MP', 'RCU+MP+unprotected', 'SRCU+MP', 'RCU+sync-inside']) {
        const [byStates, byExecutions] = [true, false].map((isSimulated) =>
          run(new LkmmSearch('sc', { ...backend, isSimulated }), OWN, `${file}.litmus`),
        );
        expect(byStates).toEqual(byExecutions);
      }
    },
  );
});

/** A grace period that waits for nobody. */
class Hasty extends FlavourPort {
  override *synchronize(): Operation<void> {
    // See above.
  }
}

/** Grace periods of a domain that wait for nobody. */
class HastyDomains extends FlavourPort {
  override *synchronizeSrcu(): Operation<void> {
    // See above.
  }
}

/** Readers that nobody sees. */
class Invisible extends FlavourPort {
  override *readLock(_t: Thread): Operation<void> {
    // See above.
  }
  override *readUnlock(_t: Thread): Operation<void> {
    // See above.
  }
}

describe('a library that is broken is seen by a Never', () => {
  const memb = ({ machine, process }: RcuEnvironment) =>
    CountedFlavour.create(machine, process, 'memb');
  /** Readers without fences, and updaters that have fences of their own alone. */
  const unfenced = ({ machine, process }: RcuEnvironment) => {
    const domain = RcuDomain.create(machine, process);
    const plan = { begin: 'fence', A: 'fence', B: false, C: false, D: 'fence' } as const;
    const rest = { E: 'fence', wake: false, wait: 'fence', end: 'fence' } as const;
    return new RcuDomain(machine, process, domain.address, { ...plan, ...rest });
  };
  it.each([
    ['waits for nobody', 'RCU+MP+reversed', 'sc', (e) => new Hasty(e, memb(e), 'membarrier')],
    ['has hasty domains', 'SRCU+MP', 'sc', (e) => new HastyDomains(e, memb(e), 'membarrier')],
    ['has readers that nobody sees', 'RCU+nested', 'sc', (e) => new Invisible(e, memb(e), 'fence')],
    ['lacks membarrier', 'RCU+SB', 'tso', (e) => new FlavourPort(e, unfenced(e), 'membarrier')],
  ] satisfies [string, string, SearchedModel, (e: RcuEnvironment) => FlavourPort][])(
    'that %s: %s under %s',
    (_what, file, model, create) => {
      const search = new LkmmSearch(model, { create, kernel: [rseq()] });
      expect(run(search, OWN, `${file}.litmus`).observation).toBe('Sometimes');
    },
  );
});

describe('rseqlab litmus --rcu', () => {
  const test = `${OWN}/RCU+SB+readers.litmus`;

  it('puts a flavour behind the tests, and compares with what the kernel states alone', async () => {
    const table = ['--expect', `${OWN}/expected.tsv`];
    const { status, out } = await command(['litmus', test, '--rcu', 'mb', ...table]);
    expect(status).toBe(0);
    expect(out).toContain('all 1 in the table agree with it');
  });

  it('says that a test reached the bound on executions, with status 3', async () => {
    const nested = `${OWN}/RCU+nested.litmus`;
    const bounded = await command(['litmus', nested, '--rcu', 'percpu', '--executions', '5']);
    expect(bounded.status).toBe(3);
    expect(bounded.err).toContain('expected a test with an end, got one that reached a bound');
  });

  it('makes more executions of a test that is given up, where that is asked for', async () => {
    const given = ['--rcu', 'percpu', '--executions', '1', '--samples', '3', '--json'];
    const { out } = await command(['litmus', `${OWN}/RCU+nested.litmus`, ...given]);
    expect(JSON.parse(out)).toMatchObject({ tests: [{ complete: false, samples: 6 }] });
  });

  it('refuses a flavour that there is not', async () => {
    const { status, err } = await command(['litmus', test, '--rcu', 'urcu']);
    expect(status).toBe(2);
    expect(err).toContain(`Allowed choices are ${LITMUS_RCUS.join(', ')}`);
  });
});
