import { expect, it } from 'vitest';
import { fileName } from '../../src/rules/file-name.js';

const check = (path: string): readonly string[] =>
  fileName([{ path, text: '' }]).map(({ message }) => message);

it.each([
  'packages/sim-machine/src/memory/store-buffer.ts',
  'packages/sim-machine/test/memory/store-buffer.test.ts',
  'packages/sim-machine/tsup.config.ts',
  '.dependency-cruiser.js',
  'bench/interpreter.c',
  'CHANGELOG.md',
])('accepts %s', (path) => {
  expect(check(path)).toEqual([]);
});

it.each(['StoreBuffer.ts', 'store_buffer.ts', 'storeBuffer.test.ts', 'store-.ts'])(
  'refuses %s, which is not kebab-case',
  (name) => {
    expect(check(`packages/sim-machine/src/${name}`)).toEqual([
      `expected kebab-case, got "${name}"`,
    ]);
  },
);

it.each(['utils.ts', 'util.ts', 'helpers.ts', 'types.ts', 'common.ts', 'helpers.test.ts'])(
  'refuses %s, which says nothing',
  (name) => {
    expect(check(`packages/percpu/src/${name}`)).toEqual([
      `expected a name that says what is inside, got "${name}"`,
    ]);
  },
);

it('looks at the folders too', () => {
  expect(check('packages/percpu/src/utils/list.ts')).toHaveLength(1);
  expect(check('packages/percpu/src/perCpu/list.ts')).toHaveLength(1);
});
