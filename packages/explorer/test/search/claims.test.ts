import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Claims } from '../../src/search/claims.js';
import { FingerprintSet } from '../../src/search/fingerprint-set.js';

const word = fc.integer({ min: -3, max: 3 });

describe('claims', () => {
  it('go to the first that comes, whoever comes next', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), word, word)), (adds) => {
        const memory = Claims.memory(2 ** 8);
        const crew = [1, 2, 3].map((ticket) => {
          const claims = new Claims(memory);
          claims.begin(ticket);
          return claims;
        });
        const set = new FingerprintSet();
        for (const [who, low, high] of adds)
          // Words that are 0 are kept as 1.
          expect(crew[who]!.add(low, high)).toBe(
            set.add(low === 0 ? 1 : low, high === 0 ? 1 : high),
          );
      }),
    );
  });

  it('find room in larger tables where the first is full', () => {
    const claims = new Claims(Claims.memory(2 ** 18));
    const count = 60_000;
    const scattered = (i: number): [number, number] => [Math.imul(i + 1, 0x9e3779b1), i];
    let [claimed, again] = [0, 0];
    for (let i = 0; i < count; i++) if (claims.add(...scattered(i))) claimed += 1;
    for (let i = 0; i < count; i++) if (claims.add(...scattered(i))) again += 1;
    expect({ claimed, again }).toEqual({ claimed: count, again: 0 });
    expect(claims.isFull).toBe(false);
  });

  it('say that they are full, and then keep nothing from anybody', () => {
    const claims = new Claims(Claims.memory(4));
    for (let i = 1; i <= 4; i++) expect(claims.add(i, i)).toBe(true);
    expect(claims.isFull).toBe(false);
    expect(claims.add(5, 5)).toBe(true);
    expect(claims.isFull).toBe(true);
  });

  it('of a ticket that is revoked can be made again, once', () => {
    const memory = Claims.memory(2 ** 8);
    const [dead, other, next] = [1, 2, 3].map((ticket) => {
      const claims = new Claims(memory);
      claims.begin(ticket);
      return claims;
    }) as [Claims, Claims, Claims];
    expect([dead.add(1, 1), other.add(2, 2), next.add(1, 1)]).toEqual([true, true, false]);
    new Claims(memory).revoke(1);
    expect([next.add(2, 2), next.add(1, 1), other.add(1, 1)]).toEqual([false, true, false]);
  });

  it('are kept from nobody once more tickets are revoked than can be kept in mind', () => {
    const memory = Claims.memory(2 ** 8);
    const [dead, next, main] = [new Claims(memory), new Claims(memory), new Claims(memory)];
    dead.begin(1000);
    expect(dead.add(1, 1)).toBe(true);
    for (let ticket = 1; ticket <= 254; ticket++) main.revoke(ticket);
    expect([next.add(1, 1), next.isFull]).toEqual([false, false]);
    main.revoke(1000);
    expect([next.add(1, 1), next.isFull]).toEqual([true, true]);
  });
});
