import { describe, expect, it } from 'vitest';
import { keepConstants } from '../../../scripts/keep-constants.mjs';

describe('constants of a bundle', () => {
  it.each([
    ['var a = 1;', 'const a = 1;'],
    ['var a = 1, b = class {};', 'const a = 1, b = class {};'],
    ['/** Why. */\nvar a = { b: 1 };\nuse(a.b);', '/** Why. */\nconst a = { b: 1 };\nuse(a.b);'],
    ['var a = {};\na.b = 1;', 'const a = {};\na.b = 1;'],
    ['var a = {}, b = 0;\na[b] = 1;', 'const a = {}, b = 0;\na[b] = 1;'],
    ['var a = 1;\nexport { a };', 'const a = 1;\nexport { a };'],
  ])('are constants again: %j', (code, expected) => {
    expect(keepConstants(code)).toBe(expected);
  });

  it.each([
    ['without a value', 'var a;'],
    ['assigned', 'var a = 1;\nfunction f() { a = 2; }'],
    ['assigned with an operation', 'var a = 1;\na ||= 2;'],
    ['counted up', 'var a = 1;\nconst f = () => a++;'],
    ['counted down', 'var a = 1;\nconst f = () => --a;'],
    ['assigned by a pattern', 'var a = 1;\n[{ a }] = f();'],
    ['assigned by a pattern with another name', 'var a = 1;\n({ b: a = 3 } = f());'],
    ['assigned by a loop', 'var a = 1;\nfor (a of list);'],
    ['assigned beside one that is not', 'var a = 1, b = 2;\nb = 3;'],
    ['inside of a function', 'function f() { var a = 1; return a; }'],
    ['inside of a block', '{ var a = 1; }'],
    ['inside of a text', 'use(`\nvar a = 1;\n`);'],
    ['let', 'let a = 1;'],
  ])('are not made of a variable that is %s', (_, code) => {
    expect(keepConstants(code)).toBe(code);
  });
});
