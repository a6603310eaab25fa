import { createJiti } from 'jiti';
import type { TransformOptions, TransformResult } from 'jiti';

/** What was made of a file. */
interface Made {
  readonly source: string;
  readonly code: string;
}

/** What was made last, by path and by how it is loaded. */
const made = new Map<string, Made>();

const maker = createJiti(import.meta.url, { fsCache: false });

/**
 * Makes JavaScript of TypeScript, and keeps it in this thread: who checks a file again, or another one that imports the
 * same, need not make it again, as long as it has not changed.
 */
export function keptJavaScript(options: TransformOptions): TransformResult {
  const { filename = '', source, async = false } = options;
  const key = `${filename} ${async ? 'imported' : 'required'}`;
  const known = made.get(key);
  if (known?.source === source) return { code: known.code };
  const code = maker.transform(options);
  made.set(key, { source, code });
  return { code };
}
