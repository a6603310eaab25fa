import { describe, expect, it } from 'vitest';
import { bindImports } from '../../../scripts/bind-imports.mjs';

describe('imports that are bound', () => {
  it.each([
    ['import { a } from "./a.js";\na();', 'import { a as a$ } from "./a.js"; const a = a$;\na();'],
    [
      `import { a, b as c } from '../b.js';`,
      `import { a as a$, b as c$ } from '../b.js'; const a = a$, c = c$;`,
    ],
    [
      'use(a);\nimport { a } from "@rseqlab/urcu"',
      'use(a);\nimport { a as a$ } from "@rseqlab/urcu"; const a = a$;',
    ],
  ])('are constants: %j', (code, expected) => {
    expect(bindImports(code)).toBe(expected);
  });

  it.each([
    ['from elsewhere', 'import { join } from "node:path";'],
    ['for its effects', 'import "./a.js";'],
    ['as a namespace', 'import * as a from "./a.js";'],
    ['without a name', 'import {} from "./a.js";'],
    ['only to be exported', 'export { a } from "./a.js";'],
    ['when it is asked for', 'const { a } = await import("./a.js");'],
    ['inside of a text', 'use(` import { a } from "./a.js";`);'],
  ])('are not made of what is imported %s', (_, code) => {
    expect(bindImports(code)).toBe(code);
  });
});
