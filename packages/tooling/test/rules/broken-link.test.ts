import { expect, it } from 'vitest';
import { brokenLink } from '../../src/rules/broken-link.js';

const present = new Set(['LICENSE', 'docs/guide.md', 'docs', 'docs/a picture.png']);
const check = (text: string, path = 'README.md'): readonly string[] =>
  brokenLink([{ path, text }], (target) => present.has(target.replace(/\/$/, ''))).map(
    ({ message }) => message,
  );

it('refuses a link to a file that is not there', () => {
  expect(check('the [guide](docs/gide.md)')).toEqual(['expected a file at docs/gide.md']);
});

it('resolves a link from the folder of its file', () => {
  expect(check('[licence](../LICENSE)', 'docs/guide.md')).toEqual([]);
  expect(check('[licence](LICENSE)', 'docs/guide.md')).toHaveLength(1);
});

it('looks at every link of a line', () => {
  expect(check('[a](LICENSE), [b](missing), ![c](docs/a%20picture.png "Title")')).toEqual([
    'expected a file at missing',
  ]);
});

it('leaves web addresses, anchors and code alone', () => {
  expect(check('[a](https://example.org/x) [b](#names) [c](docs/guide.md#names)')).toEqual([]);
  expect(check('```\n[a](missing)\n```')).toEqual([]);
});
