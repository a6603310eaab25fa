import { expect, it } from 'vitest';
import { errorCode } from '../../src/rules/error-code.js';

const declaration = {
  path: 'packages/percpu/src/percpu-error.ts',
  text: "export type PercpuErrorCode = 'ERR_FULL' | 'ERR_STRIDE';",
};
const source = {
  path: 'packages/percpu/src/pool.ts',
  text: "throw new PercpuError('ERR_FULL', 'x'); throw new PercpuError('ERR_STRIDE', 'y');",
};
const test = (text: string, path = 'packages/percpu/test/pool.test.ts') => ({ path, text });

it('refuses a code that no test of the package triggers', () => {
  const text = "expect(f).toThrow(expect.objectContaining({ code: 'ERR_FULL' }));";
  expect(errorCode([declaration, source, test(text)])).toEqual([
    { path: declaration.path, line: 1, message: 'expected a test that triggers ERR_STRIDE' },
  ]);
});

it('refuses a code that nothing throws', () => {
  const tests = test("code('ERR_FULL'); code('ERR_STRIDE');");
  const thrower = { ...source, text: "throw new PercpuError('ERR_FULL', 'x');" };
  expect(errorCode([declaration, thrower, tests])).toEqual([
    { path: declaration.path, line: 1, message: 'expected some source to throw ERR_STRIDE' },
  ]);
});

it('accepts codes that are thrown and triggered', () => {
  expect(errorCode([declaration, source, test("['ERR_FULL', `ERR_STRIDE`]")])).toEqual([]);
});

it('does not take a comment or a type for a trigger', () => {
  const text = "// ERR_FULL\ntype Tried = 'ERR_STRIDE';";
  expect(errorCode([declaration, source, test(text)])).toHaveLength(2);
});

it('does not take the test of another package for a trigger', () => {
  const text = "['ERR_FULL', 'ERR_STRIDE']";
  const elsewhere = test(text, 'packages/explorer/test/search.test.ts');
  expect(errorCode([declaration, source, elsewhere])).toHaveLength(2);
});
