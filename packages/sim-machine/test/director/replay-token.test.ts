import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFingerprint,
  decodeToken,
  digest,
  encodeToken,
} from '../../src/director/replay-token.js';
import type { ReplayRecord } from '../../src/director/replay-token.js';

const record: ReplayRecord = {
  scenario: 'examples/per-cpu-counter.ts',
  fingerprint: digest('a scenario on a machine'),
  scheduling: 'free',
  granularity: 'access',
  decisions: Uint32Array.from([0x00000001, 0x00010001, 0x00010001, 0xd0000001, 0x20010000]),
};
const token = encodeToken(record);

const records: fc.Arbitrary<ReplayRecord> = fc.record({
  scenario: fc.string({ unit: 'grapheme', maxLength: 40 }),
  fingerprint: fc.string().map(digest),
  scheduling: fc.constantFrom('free', 'policy'),
  granularity: fc.constantFrom('instruction', 'access'),
  decisions: fc
    .array(fc.integer({ min: 0, max: 0xdfffffff }), { maxLength: 200 })
    .map((list) => Uint32Array.from(list)),
});

const anyText = fc
  .array(fc.oneof(fc.nat(127), fc.nat(0xffff)), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units));

function refusal(text: string): { code?: unknown; message?: string } {
  try {
    decodeToken(text);
  } catch (error) {
    return error as { code?: unknown; message?: string };
  }
  throw new Error('the token was read');
}

/** A token whose checksum is right, whatever the rest is: made by hand, not by accident. */
function forged(body: string): string {
  const bytes = Uint8Array.from(body, (sign) => sign.charCodeAt(0));
  return `${body}:${base64urlnopad.encode(sha256(bytes).subarray(0, 3))}`;
}

describe('a replay token', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(records, (original) => {
        expect(decodeToken(encodeToken(original))).toEqual(original);
      }),
    );
  });

  it('is one printable word that a shell takes as it is', () => {
    fc.assert(
      fc.property(records, (original) => {
        expect(encodeToken(original)).toMatch(/^[A-Za-z0-9_.~/%:-]+$/);
      }),
    );
    const awkward = "it's (a) *bold*! scenario: 50% & more.ts";
    expect(encodeToken({ ...record, scenario: awkward })).toMatch(/^[A-Za-z0-9_.~/%:-]+$/);
    expect(decodeToken(encodeToken({ ...record, scenario: awkward })).scenario).toBe(awkward);
  });

  it('is frozen: one that an earlier build printed still reads the same', () => {
    expect(token).toBe('rseqlab1:examples/per-cpu-counter.ts:eYm-NZh3:fa:AAEBAfAB0AEhAA:S0UW');
  });

  it('names the scenario readably', () => {
    expect(token.startsWith('rseqlab1:examples/per-cpu-counter.ts:')).toBe(true);
  });

  it('may have white space around it, as when it was copied', () => {
    expect(decodeToken(`  ${token}\n`)).toEqual(record);
  });
});

describe('decodeToken', () => {
  it.each(['', 'hello', 'rseqlab', 'rseqlab1', 'rseqlabX:a:b:c:d:e', `x${token}`, '\ud800', 'ä:b'])(
    'refuses %j, which is no token',
    (text) => {
      expect(refusal(text)).toMatchObject({ code: 'ERR_TOKEN' });
      expect(refusal(text).message).toMatch(/^expected a replay token "rseqlab1:\.\.\.", got "/);
    },
  );

  it('refuses a token of another version and says which', () => {
    const message = 'expected a replay token of version 1, got version 2';
    expect(refusal(token.replace('rseqlab1', 'rseqlab2'))).toMatchObject({
      code: 'ERR_TOKEN',
      message,
    });
    expect(refusal('rseqlab999999999999999999999:x').message).toContain('got version 99999');
  });

  it('refuses a token that was cut anywhere', () => {
    for (let length = 0; length < token.length; length++)
      expect(refusal(token.slice(0, length))).toMatchObject({ code: 'ERR_TOKEN' });
  });

  it('refuses a token with any one character changed, dropped or doubled', () => {
    for (let at = 0; at < token.length; at++) {
      const sign = token[at]!;
      const other = sign === 'A' ? 'B' : 'A';
      const [before, after] = [token.slice(0, at), token.slice(at + 1)];
      for (const edited of [before + other + after, before + after, before + sign + sign + after])
        expect(refusal(edited), edited).toMatchObject({ code: 'ERR_TOKEN' });
    }
  });

  it('says that a token was cut or edited', () => {
    expect(refusal(token.slice(0, -1)).message).toBe(
      'expected the checksum to match, got a token that was cut or edited',
    );
    expect(refusal('rseqlab1:a:b').message).toContain('expected six fields in the replay token');
  });

  it('refuses what is malformed inside, even under a checksum that matches', () => {
    const fingerprint = record.fingerprint;
    for (const body of [
      `rseqlab1:%zz:${fingerprint}:fa:AAE`,
      `rseqlab1:%ff:${fingerprint}:fa:AAE`,
      `rseqlab1:a:${fingerprint}:fa:A`,
      `rseqlab1:a:${fingerprint}:fa:*`,
      `rseqlab1:a:${fingerprint}:fa:8AU`,
      `rseqlab1:a:${fingerprint}:xx:AAE`,
      `rseqlab1:a:${fingerprint}:fa:AAE:more`,
    ])
      expect(refusal(forged(body)), body).toMatchObject({ code: 'ERR_TOKEN' });
    expect(decodeToken(forged(`rseqlab1:a:${fingerprint}:fa:AAE`)).decisions).toHaveLength(1);
  });

  it('reads or refuses any text at once, however long', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(refusal(`rseqlab1:${text}`)).toMatchObject({ code: 'ERR_TOKEN' });
        expect(refusal(text)).toMatchObject({ code: 'ERR_TOKEN' });
      }),
    );
    expect(refusal(`rseqlab1:${':'.repeat(100_000)}`)).toMatchObject({ code: 'ERR_TOKEN' });
    expect(refusal(`rseqlab${'1'.repeat(100_000)}`)).toMatchObject({ code: 'ERR_TOKEN' });
    const bomb = base64urlnopad.encode(Uint8Array.from([0, 1, 0xf0, 0xff, 0xff, 0xff, 0x7f]));
    expect(refusal(forged(`rseqlab1:a:b:fa:${bomb}`))).toMatchObject({ code: 'ERR_TOKEN' });
  });
});

describe('checkFingerprint', () => {
  it('accepts a token of the same scenario and configuration', () => {
    expect(() => {
      checkFingerprint(record, record.fingerprint);
    }).not.toThrow();
  });

  it('refuses one of another, naming both', () => {
    const other = digest('another');
    expect(() => {
      checkFingerprint(record, other);
    }).toThrow(
      expect.objectContaining({
        code: 'ERR_TOKEN',
        message:
          `expected a token of this scenario and configuration (${other}), ` +
          `got one of another (${record.fingerprint})`,
      }),
    );
  });
});

describe('digest', () => {
  it('is eight printable characters, the first 48 bits of the SHA-256 of the text in UTF-8', () => {
    expect(digest('')).toBe('47DEQpj8');
    expect(digest('ä')).toBe(
      base64urlnopad.encode(sha256(Uint8Array.from([0xc3, 0xa4])).subarray(0, 6)),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(digest(text)).toMatch(/^[A-Za-z0-9_-]{8}$/);
      }),
    );
  });
});
