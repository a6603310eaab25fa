import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/base/machine-error.js';
import { packDecisions, unpackDecisions } from '../../src/director/decision-codec.js';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';

const decision = fc
  .tuple(
    fc.constantFrom(...Object.values(DecisionKind)),
    fc.oneof(fc.nat(16), fc.nat(0xfff)),
    fc.oneof(fc.nat(200), fc.nat(0xffff)),
  )
  .map(([kind, x, y]) => encodeDecision(kind, x, y));

/** Lists with runs of equal decisions, as recordings have them. */
const decisions = fc
  .array(fc.tuple(decision, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }))))
  .map((runs) => Uint32Array.from(runs.flatMap(([d, times]) => new Array<number>(times).fill(d))));

describe('packDecisions', () => {
  it('is undone by unpackDecisions', () => {
    fc.assert(
      fc.property(decisions, (list) => {
        expect(unpackDecisions(packDecisions(list))).toEqual(list);
      }),
    );
  });

  it('packs different lists differently', () => {
    fc.assert(
      fc.property(decisions, decisions, (left, right) => {
        const isSame = left.length === right.length && left.every((d, i) => d === right[i]);
        const [a, b] = [packDecisions(left), packDecisions(right)];
        expect(a.length === b.length && a.every((byte, i) => byte === b[i])).toBe(isSame);
      }),
    );
  });

  it('takes two bytes for a short decision and no more for a hundred of the same', () => {
    const step = encodeDecision(DecisionKind.Step, 1, 1);
    expect(packDecisions([step])).toHaveLength(2);
    expect(packDecisions(new Array<number>(100).fill(step))).toHaveLength(4);
    expect(packDecisions([])).toHaveLength(0);
  });

  it('is frozen: tokens made by an earlier build still read the same', () => {
    const list = [0x00000001, 0x00000001, 0x20030005, 0x10ff0080, 0xd0000001];
    expect([...packDecisions(list)]).toEqual([
      0, 1, 0xf0, 1, 0x23, 5, 0x1f, 0xff, 1, 0x80, 1, 0xd0, 1,
    ]);
  });
});

describe('unpackDecisions', () => {
  it('either reads bytes or refuses them with ERR_TOKEN, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const list = unpackDecisions(bytes, 100_000);
          expect(list.every((d) => d >>> 28 < 15)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'MachineError', code: 'ERR_TOKEN' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a decision that is cut', [0x10]],
    ['an operand that is cut', [0x1f, 0x80]],
    ['an x above 4095', [0x1f, 0x80, 0x20, 0]],
    ['a y above 65535', [0x10, 0x80, 0x80, 0x04]],
    ['a number without end', [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a repetition of nothing', [0xf0, 5]],
    ['a repetition without a count', [0x00, 1, 0xf0]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => unpackDecisions(Uint8Array.from(bytes))).toThrow(MachineError);
    expect(() => unpackDecisions(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN' }),
    );
  });

  it('refuses a few bytes that stand for more decisions than the limit', () => {
    const bomb = Uint8Array.from([0x00, 1, 0xf0, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => unpackDecisions(bomb)).toThrow(expect.objectContaining({ code: 'ERR_TOKEN' }));
    const many = Uint8Array.from([0x00, 1, 0xf0, 9, 0xf0, 9]);
    expect(unpackDecisions(many, 19)).toHaveLength(19);
    expect(() => unpackDecisions(many, 18)).toThrow(expect.objectContaining({ code: 'ERR_TOKEN' }));
  });
});
