import { compileFunction } from '../lkmm/compile-function.js';
import type { CExpression } from '../lkmm/c-expression.js';
import type { CallStatement, CStatement } from '../lkmm/c-statement.js';
import type { FunctionCode } from '../lkmm/function-code.js';
import type { LkmmTest } from '../lkmm/lkmm-test.js';
import { layoutLocations, type LitmusLayout } from '../litmus/litmus-layout.js';
import { initialValue } from '../litmus/litmus-question.js';
import { functionFootprints, type FunctionFootprints } from './function-footprints.js';
import type { KernelFacts } from './lkmm-kernel.js';
import { Resources } from './resources.js';

/** The first address that a process allocates. */
const FIRST_LOCATION = 0x10000000;

const LOCATION_STRIDE_BYTES = 64;

/** A test as the machine runs it. */
export interface LoadedLkmm {
  readonly test: LkmmTest;
  readonly layout: LitmusLayout;
  /** What the locations take up, from the first one on. */
  readonly locationBytes: number;
  /** The words that have to be in memory before the test starts. */
  readonly memory: readonly { readonly address: number; readonly word: number }[];
  readonly functions: readonly FunctionCode[];
  readonly facts: KernelFacts;
  /** What threads can get in each other's way at. */
  readonly resources: Resources;
  /** By thread: what it may touch, where readers of RCU are apart and where they are not. */
  readonly footprints: Readonly<Record<'apart' | 'together', readonly FunctionFootprints[]>>;
}

/**
 * Translates a test.
 *
 * @throws LitmusError `ERR_LITMUS_MACHINE` when it does not fit the machine
 */
export function loadLkmm(test: LkmmTest): LoadedLkmm {
  const layout = layoutLocations(test, FIRST_LOCATION);
  const locationBytes = Math.max(test.locations.length, 1) * LOCATION_STRIDE_BYTES;
  const memory = test.locations.map((location) => {
    const value = initialValue(test, { kind: 'location', location });
    const word = typeof value === 'string' ? layout.get(value)! : value;
    return { address: layout.get(location)!, word: word | 0 };
  });
  const functions = test.threads.map((_, thread) =>
    compileFunction(test, thread, layout, locationBytes),
  );
  const calls = test.threads.map(({ body }) => callsIn(body));
  const facts = factsOf(test, layout, calls);
  const { domains } = facts;
  const resources = new Resources(layout, LOCATION_STRIDE_BYTES, test.threads.length, domains);
  const footprints = (readersAreApart: boolean): readonly FunctionFootprints[] =>
    functions.map(({ exits }, thread) =>
      functionFootprints(test.threads[thread]!.body, exits, {
        resources,
        layout,
        thread,
        readersAreApart,
      }),
    );
  return {
    test,
    layout,
    locationBytes,
    memory,
    functions,
    facts,
    resources,
    footprints: { apart: footprints(true), together: footprints(false) },
  };
}

function factsOf(
  test: LkmmTest,
  layout: LitmusLayout,
  calls: readonly (readonly CallStatement[])[],
): KernelFacts {
  const threads = test.threads.length;
  const names = new Set(
    test.threads.flatMap(({ parameters }) =>
      [...parameters].filter(([, kind]) => kind === 'srcu').map(([name]) => name),
    ),
  );
  const addressOf = ([domain]: readonly CExpression[]): number | undefined =>
    domain?.kind === 'address' ? layout.get(domain.location) : undefined;
  const begins = (call: CallStatement, domain: number | undefined): boolean => {
    if (domain === undefined) return call.call === 'rcu_read_lock';
    return call.call === 'srcu_read_lock' && addressOf(call.arguments) === domain;
  };
  return {
    threads,
    domains: [...names].map((name) => layout.get(name)!),
    reads: (thread, domain) => calls[thread]!.some((call) => begins(call, domain)),
    handsOver: (domain) =>
      calls
        .flat()
        .some((call) => call.call === 'srcu_down_read' && addressOf(call.arguments) === domain),
  };
}

function callsIn(statements: readonly CStatement[]): readonly CallStatement[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'call':
        return [statement];
      case 'if':
        return [...callsIn(statement.then), ...callsIn(statement.otherwise)];
      case 'loop':
        return [...callsIn(statement.body), ...callsIn(statement.step)];
      default:
        return [];
    }
  });
}
