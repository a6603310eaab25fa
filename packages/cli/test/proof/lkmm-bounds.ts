import type { SearchedModel } from '@rseqlab/explorer';

/** How far each test is searched. */
export interface LkmmBounds {
  /** Under `sc` transitions of states, else executions. */
  readonly executions: number;
  /** Of a test that has more: executions by PCT, and as many of different classes, under `weak` at random. */
  readonly samples: number;
}

/** What takes about as long under each model: some minutes of two cores for all tests with all flavours. */
const BOUNDS: Readonly<Record<SearchedModel, LkmmBounds>> = {
  sc: { executions: 10_000, samples: 25 },
  tso: { executions: 500, samples: 50 },
  weak: { executions: 100, samples: 75 },
};

/** The bounds of a model. @param times how much farther than is searched without being told */
export function boundsUnder(model: SearchedModel, times: number): LkmmBounds {
  const { executions, samples } = BOUNDS[model];
  return { executions: Math.ceil(executions * times), samples: Math.ceil(samples * times) };
}
