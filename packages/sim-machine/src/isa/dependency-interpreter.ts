import type { AccessViews } from '../memory/access-views.js';
import type { ExecutionEnvironment } from './execution-environment.js';
import type { ExitReason } from './exit-reason.js';
import type { Interpreter } from './interpreter.js';
import { INSTRUCTION_SET, type InstructionDefinition } from './instruction-set.js';
import { fieldsOf } from './operand-format.js';
import { REG_EXIT, REG_IP } from './register-file.js';
import { VISIBLE_OPCODES } from './visibility.js';

/** What an instruction does with the moments of registers. */
const Flow = {
  /** Nothing. */
  None: 0,
  /** Register a is computed from those of b and c that the format has. */
  Compute: 1,
  Load: 2,
  Store: 3,
  Await: 4,
  /** Register a gets something that no load found. */
  Fresh: 5,
} as const;

type Flow = (typeof Flow)[keyof typeof Flow];

const EXIT_BUDGET = 0 satisfies typeof ExitReason.Budget;

/** Instructions that run on to the next visible one when the budget is spent, at most. */
const OVERRUN = 100_000;

const flows = new Uint8Array(64);
const readsB = new Uint8Array(64);
const readsC = new Uint8Array(64);
const isPair = new Uint8Array(64);
for (const definition of INSTRUCTION_SET) {
  const { opcode, format } = definition;
  const { b, c, pair } = fieldsOf(format);
  flows[opcode] = flowOf(definition);
  readsB[opcode] = b ? 1 : 0;
  readsC[opcode] = c ? 1 : 0;
  isPair[opcode] = pair ? 1 : 0;
}

/**
 * Makes an interpreter that follows, instruction by instruction, which writes the value of every
 * register was computed from: address dependencies, for memory models that honour them.
 *
 * It executes what `interpret` executes, with the same results. Control dependencies are not
 * followed: they order later stores only, which no model lets come before an earlier load.
 *
 * @param moments of the registers, laid out as these
 */
export function createDependencyInterpreter(
  environment: ExecutionEnvironment,
  interpret: Interpreter,
  moments: Int32Array,
  views: AccessViews,
): Interpreter {
  const { registers } = environment;
  const { words } = environment.memory;
  const toPhysical = environment.textPhysical - environment.textBase;

  function prepare(word: number, base: number): void {
    const opcode = word & 63;
    const a = base + ((word >>> 6) & 15);
    views.addressMoment = moments[base + ((word >>> 10) & 15)]!;
    if (flows[opcode] === Flow.Store)
      views.dataMoment =
        isPair[opcode] === 1 ? Math.max(moments[a]!, moments[a + 1]!) : moments[a]!;
    if (flows[opcode] === Flow.Await) {
      views.awaits = true;
      views.awaited = registers[base + ((word >>> 14) & 15)]!;
    }
  }

  function follow(word: number, base: number): void {
    const opcode = word & 63;
    const a = base + ((word >>> 6) & 15);
    switch (flows[opcode] as Flow) {
      case Flow.Compute: {
        const b = readsB[opcode] === 1 ? moments[base + ((word >>> 10) & 15)]! : 0;
        const c = readsC[opcode] === 1 ? moments[base + ((word >>> 14) & 15)]! : 0;
        moments[a] = Math.max(b, c);
        return;
      }
      case Flow.Load:
      case Flow.Await:
        moments[a] = views.resultMoment;
        if (isPair[opcode] === 1) moments[a + 1] = views.resultMoment;
        return;
      case Flow.Fresh:
        moments[a] = 0;
        return;
      default:
    }
  }

  return function interpretDependencies(base, tlb, budget, stopAnywhere) {
    let executed = 0;
    for (;;) {
      const word = words[(registers[base + REG_IP]! + toPhysical) >> 2] ?? 0;
      const opcode = word & 63;
      const over = executed - budget;
      if (over >= 0 && (stopAnywhere || over >= OVERRUN || VISIBLE_OPCODES[opcode] === 1)) {
        registers[base + REG_EXIT] = EXIT_BUDGET;
        return executed;
      }
      const accesses = flows[opcode]! >= Flow.Load;
      if (accesses) prepare(word, base);
      executed += interpret(base, tlb, 1, true);
      if (accesses) forgetAccess(views);
      if (registers[base + REG_EXIT] !== EXIT_BUDGET) return executed;
      follow(word, base);
    }
  };
}

function forgetAccess(views: AccessViews): void {
  views.addressMoment = 0;
  views.dataMoment = 0;
  views.awaits = false;
}

function flowOf({ effect }: InstructionDefinition): Flow {
  switch (effect.kind) {
    case 'compute':
      return Flow.Compute;
    case 'load':
      return Flow.Load;
    case 'store':
      return Flow.Store;
    case 'await':
      return Flow.Await;
    // An atomic is a full fence: what it found is older than all that comes after it.
    case 'atomic':
    case 'query':
      return Flow.Fresh;
    default:
      return Flow.None;
  }
}
