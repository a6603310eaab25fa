import { createJiti } from 'jiti';
import type { TransformOptions } from 'jiti';
import { describe, expect, it } from 'vitest';
import { keptJavaScript } from '../../src/jobs/kept-javascript.js';

const maker = createJiti(import.meta.url, { fsCache: false });

const FILE: TransformOptions = {
  filename: '/some/file.ts',
  source: 'export default await Promise.resolve(1 as number);',
  ts: true,
  async: true,
};

describe('JavaScript that is kept', () => {
  it('is what is made of the TypeScript, the first time and again', () => {
    const code = maker.transform(FILE);
    expect(keptJavaScript(FILE)).toEqual({ code });
    expect(keptJavaScript(FILE)).toEqual({ code });
  });

  it('is made anew when the file was changed', () => {
    keptJavaScript(FILE);
    const changed = { ...FILE, source: 'export default 2 as number;' };
    expect(keptJavaScript(changed)).toEqual({ code: maker.transform(changed) });
    expect(keptJavaScript(FILE)).toEqual({ code: maker.transform(FILE) });
  });

  it('is told from that of the same text in another file, or loaded in another way', () => {
    const source = 'export const where = import.meta.url; const of: string = __filename;';
    const file = { ...FILE, source };
    const required = { ...file, async: false };
    const other = { ...file, filename: '/some/other.ts' };
    for (const options of [file, required, other, file])
      expect(keptJavaScript(options)).toEqual({ code: maker.transform(options) });
  });
});
