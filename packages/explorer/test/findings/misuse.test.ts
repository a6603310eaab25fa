import { describe, expect, it } from 'vitest';
import { isLibraryError } from '../../src/findings/misuse.js';
import { check } from '../../src/search/check.js';
import { failureOf, programOf } from './programs.js';
import type { Part } from './programs.js';

class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly code = 'ERR_POOL';
}

/** Throws when the other thread came first. */
const calls = (make: () => Error): Part =>
  function* caller(t, [word]) {
    if ((yield* t.fetchAdd(word!, 1)) === 1) throw make();
  };

const broken = programOf([
  calls(() => new PoolError('expected a pool, got none')),
  function* other(t, [word]) {
    yield* t.fetchAdd(word!, 2);
  },
  calls(() => new PoolError('expected a pool, got none')),
]);

describe('misuse of a library', () => {
  it('is a finding, with its code, the thread and the line', () => {
    expect(check(broken)).toMatchObject({
      outcome: 'fails',
      finding: {
        kind: 'misuse',
        code: 'ERR_POOL',
        thread: 2,
        message:
          'expected T2 caller to use a library as it may be used, got PoolError ERR_POOL: expected a pool, got none',
      },
    });
    expect(failureOf(broken)?.finding?.places).toMatchObject([
      { role: 'throw', thread: 2, source: { file: 'misuse.test.ts', line: 23 } },
    ]);
  });

  it('is found by samples, too, where no execution goes without', () => {
    const always: Part = function* caller() {
      throw new PoolError('expected a pool, got none');
    };
    expect(check(programOf([always]), { search: 'pct', seed: 1, executions: 3 })).toMatchObject({
      outcome: 'fails',
      executions: 1,
      finding: { kind: 'misuse', code: 'ERR_POOL' },
    });
  });

  it('is not found where no execution comes to it', () => {
    const correct = programOf([calls(() => new PoolError('no'))]);
    expect(check(correct)).toMatchObject({ outcome: 'holds' });
  });

  it('is not any error that a program throws: that is no finding, but a bad scenario', () => {
    const bad = calls(() => new TypeError('no'));
    expect(() => check(programOf([bad, bad]))).toThrow(
      expect.objectContaining({ code: 'ERR_SCENARIO' }),
    );
  });

  it.each([
    [new PoolError('a library refuses'), true],
    [new Error('no code'), false],
    [Object.assign(new Error('a system error'), { code: 'ENOENT' }), false],
    [
      Object.assign(new Error('the machine itself'), { name: 'MachineError', code: 'ERR_X' }),
      false,
    ],
    ['no error', false],
  ])('is what a library refuses by a code of its own: %s', (error, expected) => {
    expect(isLibraryError(error)).toBe(expected);
  });
});
