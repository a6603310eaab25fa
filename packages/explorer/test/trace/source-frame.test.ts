import { describe, expect, it } from 'vitest';
import { formatFrame, isLibraryFile, userFrame } from '../../src/trace/source-frame.js';

const V8 = `Error
    at Thread.exec (file:///srv/lab/packages/sim-machine/src/kernel/thread.ts:120:5)
    at PerCpuCounter.add (/srv/lab/node_modules/@rseqlab/percpu/dist/index.js:9:1)
    at add.next (<anonymous>)
    at Object.increment (/srv/app/counter.ts:15:22)
    at increment.next (<anonymous>)
    at UserMode.run (/srv/lab/packages/sim-machine/dist/index.js:1:1)`;

describe('the user frame of a stack trace', () => {
  it('is the innermost one that is in no library', () => {
    expect(userFrame(V8)).toEqual({
      file: '/srv/app/counter.ts',
      line: 15,
      column: 22,
      functionName: 'increment',
    });
  });

  it('is found without a function name', () => {
    expect(userFrame('Error\n    at file:///srv/counter.ts:3:4')).toEqual({
      file: '/srv/counter.ts',
      line: 3,
      column: 4,
    });
  });

  it('is found in the notation of other engines', () => {
    const stack = 'exec@http://host/node_modules/x.js:1:2\nincrement@http://host/counter.js:7:9\n';
    expect(userFrame(stack)).toEqual({
      file: 'http://host/counter.js',
      line: 7,
      column: 9,
      functionName: 'increment',
    });
  });

  it('is absent when all frames are of libraries', () => {
    expect(
      userFrame('Error\n    at node:internal/main:1:2\n    at f (<anonymous>)'),
    ).toBeUndefined();
  });

  it('is written as editors read it', () => {
    expect(formatFrame({ file: 'counter.ts', line: 15, column: 22 })).toBe('counter.ts:15:22');
  });
});

describe('library files', () => {
  it('are those of packages and of the host', () => {
    expect(isLibraryFile('/a/node_modules/b/c.js')).toBe(true);
    expect(isLibraryFile('C:\\a\\packages\\percpu\\src\\counter.ts')).toBe(true);
    expect(isLibraryFile('node:fs')).toBe(true);
  });

  it('are not the tests and examples beside them', () => {
    expect(isLibraryFile('/a/packages/percpu/test/counter.test.ts')).toBe(false);
    expect(isLibraryFile('/a/examples/counter.ts')).toBe(false);
  });
});
