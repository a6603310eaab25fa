// Vitest setup: RSEQLAB_SEED is the seed of every property test; without it each draws its own.
import { configureGlobal, readConfigureGlobal } from 'fast-check';

const text = process.env['RSEQLAB_SEED'];
if (text !== undefined) {
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new Error(`RSEQLAB_SEED: expected an integer, got '${text}'`);
  configureGlobal({ ...readConfigureGlobal(), seed });
}
