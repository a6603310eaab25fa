import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { plainFields } from '../../../scripts/plain-fields.mjs';

describe('fields of a bundle that the constructor assigns', () => {
  it.each([
    [
      'private',
      'class A { #b; constructor(b) { this.#b = b; } get() { return this.#b; } }',
      'class A {     constructor(b) { this.$b = b; } get() { return this.$b; } }',
    ],
    [
      'public',
      'class A { b; constructor(b) { this.b = b; } }',
      'class A {    constructor(b) { this.b = b; } }',
    ],
    [
      'assigned on the way',
      'var A = class { #b; constructor() { const c = (this.#b = 1); if (c) ({ d: this.#e } = c); } #e; };',
      'var A = class {     constructor() { const c = (this.$b = 1); if (c) ({ d: this.$e } = c); }     };',
    ],
    [
      'of another instance',
      'class A { #b; constructor() { this.#b = 1; } of(a) { return a.#b + a?.#b; } }',
      'class A {     constructor() { this.$b = 1; } of(a) { return a.$b + a?.$b; } }',
    ],
    [
      'of a class below one with other fields',
      'class A { #b; constructor() { this.#b = 1; } }\nclass C extends A { #d; constructor() { super(); this.#d = 1; } }',
      'class A {     constructor() { this.$b = 1; } }\nclass C extends A {     constructor() { super(); this.$d = 1; } }',
    ],
    [
      'beside one of a class inside',
      'class A { #b; constructor() { this.#b = class { #b = 1; get() { return this.#b; } }; } }',
      'class A {     constructor() { this.$b = class { #b = 1; get() { return this.#b; } }; } }',
    ],
  ])('become plain: %s', (_, code, expected) => {
    expect(plainFields(code)).toBe(expected);
  });

  it.each([
    ['with a value', 'class A { #b = 0; c = 1; constructor() { this.#b = 1; this.c = 2; } }'],
    ['assigned by a method', 'class A { #b; c; set() { this.#b = 1; this.c = 2; } }'],
    [
      'assigned by a function',
      'class A { #b; constructor() { this.f = () => { this.#b = 1; }; } }',
    ],
    ['only read', 'class A { #b; constructor() { use(this.#b); } }'],
    ['of the class itself', 'class A { static #b; static c; constructor() { this.c = 1; } }'],
    ['methods', 'class A { #b() {} get #c() { return 1; } constructor() { this.#b(); } }'],
  ])('are left alone if they are %s', (_, code) => {
    expect(plainFields(code)).toBe(code);
  });

  it('are still told from others of the same bundle', () => {
    const above = 'class A { #b; constructor() { this.#b = 1; } }\n';
    const below = 'class C extends A { #b; constructor() { super(); this.#b = 1; } }';
    expect(() => plainFields(above + below)).toThrow(
      'expected private fields of their own name, got #b of C, as above it',
    );
    expect(() => plainFields(`import { A } from 'a';\n${below}`)).toThrow('got #b of C');
    expect(() => plainFields(`${above}use(a.$b);`)).toThrow(
      'expected no other property of that name, got $b',
    );
    expect(() =>
      plainFields('class A { #b; constructor() { this.#b = 1; } is(a) { return #b in a; } }'),
    ).toThrow('expected no field to be asked for by "in", got #b');
  });

  it('behave as before', () => {
    const code =
      'class A { #b; c; constructor(b) { this.#b = b; } get() { return `${this.#b} ${this.c}`; } }\nnew A(3).get();';
    expect(runInNewContext(plainFields(code))).toBe(runInNewContext(code));
  });
});
