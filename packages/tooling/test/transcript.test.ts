import { describe, expect, it } from 'vitest';
import { matchesTranscript, readTranscript } from '../src/transcript.js';

describe('readTranscript', () => {
  it('gives every command with the lines behind it', () => {
    expect(readTranscript('$ one a b\nprinted\n\nmore\n$ two\n')).toEqual([
      { line: 'one a b', output: 'printed\n\nmore\n' },
      { line: 'two', output: '' },
    ]);
  });

  it('passes over what stands in front of the first prompt', () => {
    expect(readTranscript('a remark with $ inside\n$ one\n')).toEqual([
      { line: 'one', output: '' },
    ]);
  });
});

describe('matchesTranscript', () => {
  it('compares texts to the letter, except at their ends', () => {
    expect(matchesTranscript('a (b) [c]\n', '\na (b) [c]')).toBe(true);
    expect(matchesTranscript('a (b) [d]\n', 'a (b) [c]')).toBe(false);
    expect(matchesTranscript('a b', 'a')).toBe(false);
  });

  it('takes three dots for anything, lines included', () => {
    expect(matchesTranscript('first\nx\ny\nlast 42', 'first\n...\nlast ...')).toBe(true);
    expect(matchesTranscript('first\nx\nlost', 'first\n...\nlast')).toBe(false);
  });
});
