import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as urcu from '../../src/index.js';

const FOLDER = fileURLToPath(new URL('../../src/structures/', import.meta.url));

/** The public classes that the structures' sources export, with the comment in front of each. */
const documented = readdirSync(FOLDER).flatMap((file) => {
  const text = readFileSync(FOLDER + file, 'utf8');
  const classes = [...text.matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)\nexport class (\w+)/g)];
  return classes
    .map(([, comment = '', name = '']) => [name, comment] as const)
    .filter(([name]) => Object.hasOwn(urcu, name));
});

describe('the documentation of', () => {
  it('structures is that of all seven', () => {
    expect(documented.map(([name]) => name).sort()).toEqual(
      [
        'LfStack',
        'RcuHashTable',
        'RcuHlist',
        'RcuLfQueue',
        'RcuList',
        'WfStack',
        'WfcQueue',
      ].sort(),
    );
  });

  it.each(documented)('%s says in a table who may run beside whom', (_, comment) => {
    expect(comment).toMatch(/^ \* \| runs beside +\|/m);
    expect(
      comment.match(/^ \* \|.*\b(?:yes|one at a time|in read sections)\b.*\|$/gm),
    ).not.toBeNull();
  });
});
