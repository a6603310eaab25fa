import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from '../../src/events/text.js';

const utf8 = new TextEncoder();

describe('text', () => {
  it('is encoded and decoded as UTF-8, up to a zero character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const until = text.split('\0')[0]!;
        expect([...encodeText(text)]).toEqual([...utf8.encode(until)]);
        expect(decodeText(encodeText(text))).toBe(new TextDecoder().decode(utf8.encode(until)));
      }),
    );
  });

  it('has U+FFFD for what is no character, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const decoded = decodeText(bytes);
        let isValid = true;
        try {
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        } catch {
          isValid = false;
        }
        expect(decoded.includes('\ufffd')).toBe(!isValid || hasReplacement(bytes));
      }),
    );
    expect(decodeText(encodeText('a\ud800b'))).toBe('a\ufffdb');
  });
});

function hasReplacement(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes).includes('\ufffd');
}
