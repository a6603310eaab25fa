import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError } from '../../src/command-error.js';
import type { CommandIo } from '../../src/command-io.js';
import { WorkerLost } from '../../src/units/crew.js';
import { launchUnits } from '../../src/units/launch-units.js';
import type { LaunchOptions } from '../../src/units/launch-options.js';
import type { UnitOrder } from '../../src/units/unit-order.js';
import { capturedIo } from '../captured-io.js';
import { fakeCrew, worth } from './fake-crew.js';
import type { Deed, FakeCrew } from './fake-crew.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'units-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const RESUME = 'sum.resume';
const resumeText = (): string => readFileSync(join(folder, RESUME), 'utf8');

async function launch(
  crew: FakeCrew,
  options: Partial<LaunchOptions> = {},
  changes: Partial<CommandIo> = {},
) {
  const { io, said } = capturedIo({ folder, openCrew: () => crew, ...changes });
  const order = { folder } as UnitOrder;
  const all = { workers: 1, watchdogMs: Infinity, what: 'sums', ...options };
  try {
    const status = await launchUnits(order, all, io);
    return { status, ...said() };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ...said(), status: error.status, refusal: error.message };
  }
}

/** Ctrl-C while the given unit is at work. */
function interruptedAt(unit: number): { deed: Deed; changes: Partial<CommandIo> } {
  let press = (): void => undefined;
  return {
    deed(now) {
      if (now !== unit) return worth(now);
      // Not before somebody listens.
      void Promise.resolve().then(() => press());
      return new Promise(() => undefined);
    },
    changes: {
      onInterrupt(listener) {
        press = listener;
        return () => undefined;
      },
    },
  };
}

describe('units', () => {
  it.each([1, 2, 3, 7])('come to the same with %i workers', async (workers) => {
    const deed: Deed = async (unit) => {
      for (let turns = (unit * 7) % 5; turns > 0; turns--) await Promise.resolve();
      return unit < 100
        ? { value: unit, rest: [{ work: unit * 100, weight: 0.01 }], ends: unit === 4 }
        : worth(unit);
    };
    const { status, out } = await launch(fakeCrew(6, deed), { workers });
    expect({ status, out }).toEqual({
      status: 0,
      out: `all: ${1 + 100 + 2 + 200 + 3 + 300 + 4}\n`,
    });
  });

  it('go on with another worker when one died', async () => {
    const crew = fakeCrew(3, (unit, attempt) => {
      if (unit === 2 && attempt === 1) throw new WorkerLost('exit(9)');
      return worth(unit);
    });
    expect(await launch(crew)).toMatchObject({ status: 0, out: 'all: 6\n', err: '' });
    expect(crew.begun).toEqual([1, 2, 2, 3]);
  });

  it('end with status 4 when two workers died over one, and keep what is known', async () => {
    const crew = fakeCrew(3, (unit) => {
      if (unit === 3) throw new WorkerLost('exit(9)');
      return worth(unit);
    });
    expect(await launch(crew, { resume: RESUME })).toEqual({
      status: 4,
      out: 'some: 3\n',
      err: `rseqlab: expected the worker of unit 2 to live, got exit(9) twice: stopped after 30 executions with 2 of 3 units done; the same command goes on from ${RESUME}\n`,
    });
    expect(await launch(fakeCrew(3), { resume: RESUME })).toMatchObject({ out: 'all: 6\n' });
  });

  it('refused by a worker, keep what is done', async () => {
    const crew = fakeCrew(3, (unit) => {
      if (unit === 2) throw new CommandError('a.ts: expected better, got this');
      return worth(unit);
    });
    expect(await launch(crew, { resume: RESUME })).toEqual({
      status: 2,
      out: '',
      err: '',
      refusal: 'a.ts: expected better, got this',
    });
    const again = fakeCrew(3);
    await launch(again, { resume: RESUME });
    expect(again.begun).toEqual([2, 3]);
  });
});

describe('units, interrupted', () => {
  it('print what is known, with status 130', async () => {
    const { deed, changes } = interruptedAt(3);
    expect(await launch(fakeCrew(4, deed), {}, changes)).toEqual({
      status: 130,
      out: 'some: 3\n',
      err: 'rseqlab: interrupted after 30 executions with 2 of 4 units done; --resume FILE would have kept them\n',
    });
  });

  it('say that nothing is kept of what is one unit', async () => {
    const { deed, changes } = interruptedAt(1);
    const { out, err } = await launch(fakeCrew(1, deed), { resume: RESUME }, changes);
    expect({ out, err }).toEqual({
      out: '',
      err: 'rseqlab: interrupted after 10 executions; this is one unit: nothing is kept\n',
    });
  });

  it('go on from a resume file, and come to the same', async () => {
    const { deed, changes } = interruptedAt(3);
    const first = await launch(fakeCrew(4, deed), { resume: RESUME }, changes);
    expect(first.err).toBe(
      `rseqlab: interrupted after 30 executions with 2 of 4 units done; the same command goes on from ${RESUME}\n`,
    );
    const crew = fakeCrew(4);
    expect(await launch(crew, { resume: RESUME })).toMatchObject({ status: 0, out: 'all: 10\n' });
    expect(crew.begun).toEqual([3, 4]);
  });

  it('once finished, print their result again without any work', async () => {
    await launch(fakeCrew(4), { resume: RESUME });
    const crew = fakeCrew(4);
    expect(await launch(crew, { resume: RESUME })).toMatchObject({ status: 0, out: 'all: 10\n' });
    expect(crew.begun).toEqual([]);
  });

  it('lose at most what was done in the last second when the process is killed', async () => {
    const kept: number[] = [];
    let ms = 0;
    const deed: Deed = (unit) => {
      ms += 300;
      kept.push(resumeText().split('\n').length - 3);
      return worth(unit);
    };
    await launch(fakeCrew(10, deed), { resume: RESUME }, { nowMs: () => ms });
    kept.forEach((results, done) => expect(done - results).toBeLessThanOrEqual(4));
    expect(kept.at(-1)).toBeGreaterThanOrEqual(6);
  });
});

describe('a resume file', () => {
  const refused = async (text: string, message: string | RegExp, crew = fakeCrew(4)) => {
    writeFileSync(join(folder, RESUME), text);
    const { status, out, refusal } = (await launch(crew, { resume: RESUME })) as {
      status: number;
      out: string;
      refusal: string;
    };
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(refusal).toMatch(message);
    expect(crew.begun).toEqual([]);
    expect(resumeText()).toBe(text);
  };
  const finished = async (): Promise<string> => {
    await launch(fakeCrew(4), { resume: RESUME });
    return resumeText();
  };

  it('cut short is refused and left as it is', async () => {
    const text = await finished();
    await refused(text.slice(0, -30), /^sum\.resume: expected a whole resume file, got one .* cut/);
    await refused('', /^sum\.resume: expected a whole resume file, got one .* cut/);
  });

  it('changed by hand is refused', async () => {
    const text = await finished();
    await refused(text.replace('"value":2', '"value":5'), /as it was written, got one .* changed/);
  });

  it('of other files is refused', async () => {
    const text = await finished();
    await refused(text, /of these files as they are now/, fakeCrew(4, worth, 'others'));
  });

  it('of other options or of another version is refused', async () => {
    const text = await finished();
    const { encodeResults, decodeResults } = await import('@rseqlab/explorer');
    const { identity, results } = decodeResults(text, 'file');
    const other = (change: object) =>
      encodeResults({ identity: { ...identity, ...change }, results });
    await refused(
      other({ options: '{"more":1}' }),
      /of the same options \(\{\}\), got one of others/,
    );
    await refused(other({ version: '9' }), /of rseqlab 0, got one of rseqlab 9/);
  });

  it('that is something else is refused', async () => {
    await refused('all my notes\n', /^sum\.resume: expected a resume file, got something else$/);
  });

  it('that cannot be written is refused before any work', async () => {
    const crew = fakeCrew(2);
    expect(await launch(crew, { resume: 'nowhere/file' })).toMatchObject({
      status: 2,
      refusal: 'nowhere/file: expected a file to write to, got ENOENT',
    });
    expect(crew.begun).toEqual([]);
  });

  it('is replaced as a whole: nothing else is left beside it', async () => {
    await finished();
    expect(readdirSync(folder)).toEqual([RESUME]);
  });
});
