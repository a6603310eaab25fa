import { operandsOfExpression, type CExpression } from '../lkmm/c-expression.js';
import type { CallStatement, CStatement } from '../lkmm/c-statement.js';
import type { CodeExit } from '../lkmm/function-code.js';
import type { LitmusLayout } from '../litmus/litmus-layout.js';
import { NO_FOOTPRINT, joinFootprints, type Footprint } from './footprint.js';
import type { Resources } from './resources.js';

/** What a function may still touch, from each of the places where its code is left. */
export interface FunctionFootprints {
  /** From its beginning. */
  readonly all: Footprint;
  /** By exit: what the call touches. */
  readonly calls: readonly Footprint[];
  /** By exit: what comes behind the call. */
  readonly behind: readonly Footprint[];
}

/** What footprints of one thread are made with. */
export interface FootprintContext {
  readonly resources: Resources;
  readonly layout: LitmusLayout;
  readonly thread: number;
  /** Whether readers of RCU touch nothing that other readers do. */
  readonly readersAreApart: boolean;
}

/** Computes the footprints of a function. @param exits - those of its code */
export function functionFootprints(
  body: readonly CStatement[],
  exits: readonly CodeExit[],
  context: FootprintContext,
): FunctionFootprints {
  const behind = new Map<CallStatement, Footprint>();
  const all = walk(body, NO_FOOTPRINT, context, behind);
  return {
    all,
    calls: exits.map(({ call }) => (call ? ofCall(call, context) : NO_FOOTPRINT)),
    behind: exits.map(({ call }) => (call ? behind.get(call)! : NO_FOOTPRINT)),
  };
}

/** What statements touch and what comes behind them; notes what comes behind each call. */
function walk(
  statements: readonly CStatement[],
  rest: Footprint,
  context: FootprintContext,
  behind: Map<CallStatement, Footprint>,
): Footprint {
  return statements.reduceRight<Footprint>((after, statement) => {
    switch (statement.kind) {
      case 'assign':
      case 'evaluate':
        return joinFootprints(after, ofExpression(statement.value, context));
      case 'store':
        return joinFootprints(
          after,
          { ...NO_FOOTPRINT, writes: placeOf(statement.address, context) },
          ofExpression(statement.address, context),
          ofExpression(statement.value, context),
        );
      case 'call':
        behind.set(statement, after);
        return joinFootprints(
          after,
          ofCall(statement, context),
          ...statement.arguments.map((argument) => ofExpression(argument, context)),
        );
      case 'if':
        return joinFootprints(
          ofExpression(statement.condition, context),
          walk(statement.then, after, context, behind),
          walk(statement.otherwise, after, context, behind),
        );
      case 'loop': {
        const round = walk(
          [...statement.body, ...statement.step],
          after,
          context,
          new Map<CallStatement, Footprint>(),
        );
        walk(statement.body, round, context, behind);
        walk(statement.step, round, context, behind);
        return round;
      }
      default:
        return after;
    }
  }, rest);
}

function ofExpression(expression: CExpression, context: FootprintContext): Footprint {
  const inside = operandsOfExpression(expression).map((operand) => ofExpression(operand, context));
  switch (expression.kind) {
    case 'load':
      return joinFootprints(...inside, {
        ...NO_FOOTPRINT,
        reads: placeOf(expression.address, context),
      });
    case 'update':
    case 'compare-exchange':
    case 'add-unless': {
      const place = placeOf(expression.address, context);
      return joinFootprints(...inside, { ...NO_FOOTPRINT, reads: place, writes: place });
    }
    default:
      return joinFootprints(...inside);
  }
}

/** The location that an access is to; all of them where that is not known before. */
function placeOf(address: CExpression, { resources, layout }: FootprintContext): number {
  if (address.kind !== 'address') return resources.locations;
  return resources.locationAt(layout.get(address.location)!);
}

function ofCall({ call, arguments: given }: CallStatement, context: FootprintContext): Footprint {
  const { resources, layout, thread, readersAreApart } = context;
  const subject = given[0];
  const address = subject?.kind === 'address' ? layout.get(subject.location) : undefined;
  const all = resources.allSections(address);
  const both = (mask: number): Footprint => ({ ...NO_FOOTPRINT, reads: mask, writes: mask });
  switch (call) {
    case 'rcu_read_lock':
    case 'rcu_read_unlock':
    case 'srcu_read_lock':
    case 'srcu_read_unlock':
      return both(readersAreApart ? resources.sections(thread, address) : all);
    case 'srcu_down_read':
    case 'srcu_up_read':
      return both(readersAreApart ? resources.sharedSections(address) : all);
    case 'synchronize_rcu':
    case 'synchronize_rcu_expedited':
    case 'synchronize_srcu':
    case 'synchronize_srcu_expedited':
      return { reads: all, writes: readersAreApart ? 0 : all, interrupts: true };
    case 'smp_memb':
      return { ...NO_FOOTPRINT, interrupts: true };
    case 'spin_lock':
    case 'spin_unlock':
    case 'spin_trylock':
      return both(resources.locationAt(address!));
  }
}
