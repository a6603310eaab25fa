import { ExplorerError } from '../../explorer-error.js';
import type { PlanIdentity } from './plan-identity.js';
import { sealLines, unsealLines } from './sealed-lines.js';
import type { PlannedUnit, SearchPlan } from './search-plan.js';
import type { PlacedResult } from './unit-ledger.js';

/** Version of both formats. */
const FORMAT = 1;

/** A plan with what a launcher needs to do its units. */
export interface OrderedPlan extends SearchPlan {
  /** JSON data of the launcher. */
  readonly order: unknown;
}

/** Results of units, and the plan that they are of. */
export interface SavedResults {
  readonly identity: PlanIdentity;
  /** In the order of the plan. */
  readonly results: readonly PlacedResult[];
}

interface Header {
  readonly rseqlab: string;
  readonly format: number;
  readonly identity: PlanIdentity;
  readonly order?: unknown;
}

/** Writes a plan: a header, a line for each unit, a seal. */
export function encodePlan({ identity, units, order }: OrderedPlan): string {
  const header: Header = { rseqlab: 'plan', format: FORMAT, identity, order };
  return sealLines([header, ...units].map((line) => JSON.stringify(line)));
}

/**
 * Reads a plan back.
 *
 * @throws ExplorerError `ERR_PLAN` when it is none, of another format, cut short or changed
 */
export function decodePlan(text: string): OrderedPlan {
  const { header, lines } = decode(text, 'plan', 'plan file');
  return {
    identity: header.identity,
    order: header.order,
    units: lines.map((line) => JSON.parse(line) as PlannedUnit),
  };
}

/** Writes results: a header, a line for each unit, a seal. */
export function encodeResults({ identity, results }: SavedResults): string {
  const header: Header = { rseqlab: 'results', format: FORMAT, identity };
  return sealLines([header, ...results].map((line) => JSON.stringify(line)));
}

/**
 * Reads results back.
 *
 * @param what - what they are to the user, such as `resume file`
 * @throws ExplorerError `ERR_PLAN` when they are none, of another format, cut short or changed
 */
export function decodeResults(text: string, what: string): SavedResults {
  const { header, lines } = decode(text, 'results', what);
  return {
    identity: header.identity,
    results: lines.map((line) => JSON.parse(line) as PlacedResult),
  };
}

function decode(
  text: string,
  kind: string,
  what: string,
): { readonly header: Header; readonly lines: readonly string[] } {
  const header = readHeader(text, kind);
  if (header === undefined)
    throw new ExplorerError('ERR_PLAN', `expected a ${what}, got something else`);
  if (header.format !== FORMAT)
    throw new ExplorerError(
      'ERR_PLAN',
      `expected a ${what} of format ${FORMAT}, got format ${String(header.format)}`,
    );
  return { header, lines: unsealLines(text, what).slice(1) };
}

/** The header if the text begins like one of its kind, even if it is cut within it. */
function readHeader(text: string, kind: string): Header | undefined {
  const [first = ''] = text.split('\n', 1);
  const begins = `{"rseqlab":"${kind}",`;
  if (!first.startsWith(begins))
    return begins.startsWith(first) ? ({ format: FORMAT } as Header) : undefined;
  try {
    return JSON.parse(first) as Header;
  } catch {
    return { format: FORMAT } as Header;
  }
}
