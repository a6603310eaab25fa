import type { Benchmark } from './benchmark.js';
import { classesBenchmark } from './classes.js';
import { contentionBenchmark } from './contention.js';
import { factorsBenchmark } from './factors.js';
import { fallbacksBenchmark } from './fallbacks.js';
import { flavoursBenchmark } from './flavours.js';
import { growthBenchmark } from './growth.js';
import { incrementsBenchmark } from './increments.js';
import { memoryBenchmark } from './memory.js';
import { primitivesBenchmark } from './primitives.js';
import { publishedBenchmark } from './published.js';
import { reductionBenchmark } from './reduction.js';
import { searchBenchmark } from './search.js';
import { statesBenchmark } from './states.js';
import { tinyBenchmark } from './tiny.js';
import { tracerBenchmark } from './tracer.js';
import { tracesBenchmark } from './traces.js';
import { workersBenchmark } from './workers.js';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  incrementsBenchmark,
  tinyBenchmark,
  growthBenchmark,
  factorsBenchmark,
  searchBenchmark,
  statesBenchmark,
  classesBenchmark,
  reductionBenchmark,
  memoryBenchmark,
  workersBenchmark,
  primitivesBenchmark,
  publishedBenchmark,
  fallbacksBenchmark,
  tracesBenchmark,
  tracerBenchmark,
  flavoursBenchmark,
  contentionBenchmark,
];
