import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { inlineConstants } from '../../../scripts/inline-constants.mjs';

describe('constants of a bundle', () => {
  it.each([
    ['const a = 1;\nuse(a);', 'const a = 1;\nuse(1);'],
    ['const a = -1;\nuse(a, 2 - a);', 'const a = -1;\nuse((-1), 2 - (-1));'],
    ['const a = 2;\nconst b = a * 4 + 1;\nf(b);', 'const a = 2;\nconst b = 2 * 4 + 1;\nf(9);'],
    ['const a = ~7;\nconst f = () => a;', 'const a = ~7;\nconst f = () => (-8);'],
    ['const a = 3;\na.toString();', 'const a = 3;\n(3).toString();'],
    ['const a = { b: 1, c: 2 };\nuse(a.c);', 'const a = { b: 1, c: 2 };\nuse(2);'],
    ['const a = { b: 1 };\nlist[a.b] = a.b;', 'const a = { b: 1 };\nlist[1] = 1;'],
    ['const a = 1;\nconst o = { a: a };', 'const a = 1;\nconst o = { a: 1 };'],
    ['const a = 1;\nuse(`${a}`);', 'const a = 1;\nuse(`${1}`);'],
    [
      'const a = { b: 1 };\nfunction f(x) { switch (x) { case a.b: return a.b; } }',
      'const a = { b: 1 };\nfunction f(x) { switch (x) { case 1: return 1; } }',
    ],
  ])('are put in place where they are used: %j', (code, expected) => {
    expect(inlineConstants(code)).toBe(expected);
  });

  it.each([
    ['that are no numbers', "const a = 'b';\nuse(a);"],
    ['that are computed by a call', 'const a = f();\nuse(a);'],
    ['that are variables', 'let a = 1;\nuse(a);'],
    ['whose name is a parameter too', 'const a = 1;\nfunction f(a) { return a; }'],
    ['whose name is taken from a pattern too', 'const a = 1;\nconst f = ({ b: a }) => a;'],
    ['whose name is a function too', 'const a = 1;\n{ function a() {} use(a); }'],
    ['that are members of something else', 'const a = 1;\nuse(b.a, { a });'],
    ['that are exported', 'const a = 1;\nexport { a };'],
    ['that are objects as a whole', 'const a = { b: 1 };\nuse(a, a[c]);'],
    ['that are members they do not have', 'const a = { b: 1 };\nuse(a.c);'],
    ['of objects with other members', "const a = { b: 1, c: 'd' };\nuse(a.b);"],
    ['of objects that are changed', 'const a = { b: 1 };\na.b = 2;\nuse(a.b);'],
    ['of objects that are counted in', 'const a = { b: 1 };\na.b++;\nuse(a.b);'],
    ['of objects that are changed by a computed name', 'const a = { b: 1 };\na[c] = 2;\nuse(a.b);'],
    ['that are labels', 'const a = 1;\na: for (;;) break a;'],
    ['that are methods', 'const a = 1;\nclass C { a() {} }\nuse({ a() {} });'],
  ])('are left alone %s', (_, code) => {
    expect(inlineConstants(code)).toBe(code);
  });

  it('are left alone where a line would be lost', () => {
    const code = 'const a = { b: 1 };\nuse(a\n.b);';
    expect(inlineConstants(code)).toBe(code);
  });

  it('mean the same as before', () => {
    const code =
      'const A = 6;\nconst K = { a: -0, b: 1 << 4, c: A - 9 };\n[1 / K.a, K.b ** 2, -K.c, A - K.c, A / K.b, typeof K.b].join();';
    expect(inlineConstants(code)).not.toBe(code);
    expect(runInNewContext(inlineConstants(code))).toBe(runInNewContext(code));
  });
});
