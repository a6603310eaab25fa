import type { JudgedTest } from '../../src/litmus/judged-test.js';
import type { LkmmCell } from './lkmm-matrix.js';

/** How far tests came with one flavour under one model. */
export interface LkmmTally {
  /** Searched to their end; they agree. */
  readonly ended: number;
  /** Not searched to their end, but what is stated was seen: an outcome that may be, a deadlock, a flag. */
  readonly seen: number;
  /** Not searched to their end; nothing was seen that is stated never to be. */
  readonly bounded: number;
  /** What must never be was seen, or what must be was not. */
  readonly disagreeing: readonly JudgedTest[];
  /** Executions that were made besides. */
  readonly samples: number;
  /** Of the bounded: those of which fewer executions were made than were to be, as one did not end. */
  readonly cut: readonly JudgedTest[];
}

/** Counts what tests came to. */
export function tallyOf({ tests, bounds }: Pick<LkmmCell, 'tests' | 'bounds'>): LkmmTally {
  const count = (is: (test: JudgedTest) => boolean): number => tests.filter(is).length;
  const isBounded = ({ agrees }: JudgedTest): boolean => agrees === undefined;
  return {
    ended: count(({ agrees, complete }) => agrees === true && complete !== false),
    seen: count(({ agrees, complete }) => agrees === true && complete === false),
    bounded: count(isBounded),
    disagreeing: tests.filter(({ agrees }) => agrees === false),
    samples: tests.reduce((sum, { samples = 0 }) => sum + samples, 0),
    cut: tests.filter((test) => isBounded(test) && (test.samples ?? 0) < 2 * bounds.samples),
  };
}

/** A line of the table of flavours and models. */
export const MATRIX_HEAD = [
  '`--rcu`',
  'model',
  'to their end, agree',
  'seen as stated',
  'bounded, nothing seen',
  'disagree',
  'executions besides',
] as const;

/** The row of a flavour under a model. */
export function matrixRow({ flavour, model, ...cell }: LkmmCell): readonly (string | number)[] {
  const { ended, seen, bounded, disagreeing, samples } = tallyOf(cell);
  return [`\`${flavour}\``, model, ended, seen, bounded, disagreeing.length, samples];
}

/** With how many flavours each outcome that may be was reached, by model; as rows. */
export function sometimesRows(
  cells: readonly LkmmCell[],
): readonly (readonly (string | number)[])[] {
  const models = [...new Set(cells.map(({ model }) => model))];
  const files = new Set(
    cells.flatMap(({ tests }) =>
      tests.filter(({ expected }) => expected?.verdict === 'Sometimes').map(({ file }) => file),
    ),
  );
  return [...files].sort().map((file) => [
    nameOf(file),
    ...models.map((model) => {
      const reached = cells.filter(
        (cell) =>
          cell.model === model &&
          cell.tests.some((test) => test.file === file && test.observation !== 'Never'),
      );
      return reached.length;
    }),
  ]);
}

/** The name of a test without its folder and ending. */
function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.litmus$/, '');
}
