import { RandomDirector } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../src/scenario.js';
import type { ScenarioDefinition } from '../src/scenario.js';
import { ScenarioRunner } from '../src/scenario-runner.js';

const director = new RandomDirector({ seed: 1 });

type Parts = Omit<ScenarioDefinition<unknown>, 'name' | 'machine'>;

const thrower = (): void => {
  throw new Error('no');
};

const THROWING: readonly (readonly [part: string, parts: Parts])[] = [
  ['setup', { setup: thrower }],
  ['check', { setup: () => undefined, check: thrower }],
];

/** A runner of a scenario on one CPU. */
function runnerOf(definition: Parts) {
  return new ScenarioRunner(
    scenario({ name: 'this', machine: { cpus: 1 }, ...definition }),
    director,
  );
}

describe('a run of a scenario', () => {
  it('reports a thread that dies of a bad access, with its name and the address', () => {
    const runner = runnerOf({
      setup(lab) {
        lab.spawn(function* stray(t) {
          yield* t.load(0x40);
        });
      },
    });
    expect(runner.run(director).findings).toEqual([
      {
        kind: 'crash',
        message: 'expected T0 stray to live, got SIGSEGV at address 0x40: a null pointer plus 64',
        thread: 0,
      },
    ]);
  });

  it('forgets what the run before found', () => {
    let runs = 0;
    const runner = runnerOf({
      setup(lab) {
        runs += 1;
        lab.expect(runs > 1, 'a second run');
      },
    });
    expect(runner.run(director).findings).toHaveLength(1);
    expect(runner.run(director).findings).toEqual([]);
  });

  it.each(THROWING)(
    'throws ERR_SCENARIO when its %s throws, with the cause',
    (part, definition) => {
      const runner = runnerOf(definition);
      expect(() => runner.run(director)).toThrow(
        expect.objectContaining({
          code: 'ERR_SCENARIO',
          message: `expected ${part} of scenario "this" not to throw, got Error: no`,
          cause: new Error('no'),
        }),
      );
    },
  );
});

describe('a scenario', () => {
  it('has a name and a setup', () => {
    const refused = expect.objectContaining({ code: 'ERR_SCENARIO' }) as Error;
    expect(() => scenario({ name: ' ', setup: () => undefined })).toThrow(refused);
    expect(() => scenario({ name: 'x' } as ScenarioDefinition<unknown>)).toThrow(refused);
  });
});
