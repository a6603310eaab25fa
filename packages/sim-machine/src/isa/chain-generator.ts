import { leaveCode, routineBody, skipsInstructions } from './code-generator.js';
import { ExitReason } from './exit-reason.js';
import { registerFlow } from './register-flow.js';
import { REG_OPERATIONS } from './register-file.js';
import { registerSlot } from './register-slot.js';
import { registerNumbers } from './register-use.js';
import type { RoutineFlow } from './routine-flow.js';

/** A value that a chain computes with: a constant, an input, or what a call before has kept, plus a constant. */
export type ChainValue =
  number | { readonly input: number } | { readonly kept: number; readonly plus?: number };

/** What r0 has to be for a chain to go on: at least so much, signed; or some of its bits of a value. */
export type ChainCondition =
  { readonly least: number } | { readonly bits: ChainValue; readonly are: ChainValue };

/** What is done of a call besides its routine. */
export interface CallTerms {
  /** r1 to r6 at its start. Of the first four those that are not given are 0; the others stay as they are. */
  readonly arguments: readonly ChainValue[];
  /** Registers whose values are kept when it has returned, under the next numbers of the chain. */
  readonly keeps?: readonly number[];
  /** Default: it goes on in any case. */
  readonly goesOn?: ChainCondition;
}

/** A call whose routine can be compiled. */
export interface CompiledCall extends CallTerms {
  readonly flow: RoutineFlow;
  /** Where the routine's program is installed. */
  readonly address: number;
}

/** Arguments that are always set. */
const SET_ARGUMENTS = 4;

/**
 * Writes calls of routines that follow one another as the body of a JavaScript function that returns
 * `(base, tlb) => calls that are done`.
 *
 * Free names besides those of `generateRoutine`: `budget`, whose word 0 is charged call by call; `inputs`; `kept` and
 * `rest`, which are told where a call is not done: what calls before have kept, and instructions of the call at hand that
 * are not charged yet.
 */
export function generateChain(calls: readonly CompiledCall[]): string {
  const used = calls.reduce((mask, call) => mask | usedBy(call), 0);
  const locals = registerNumbers(used).map((number) => `r${number}=${registerSlot(number)}`);
  const keptCount = calls.reduce((count, { keeps = [] }) => count + keeps.length, 0);
  for (let n = 0; n < keptCount; n++) locals.push(`k${n}=0`);
  let written = 0;
  let keptBefore = 0;
  const lines = calls.flatMap((call, index) => {
    const code = callCode(call, index, written, keptBefore);
    written |= writtenBy(call);
    keptBefore += call.keeps?.length ?? 0;
    return code;
  });
  return [
    'return function chain(registerBase,translationBase){',
    'const base=registerBase|0,tlb=translationBase|0;',
    `let left=budget[0],at=0,done=0,skipped=0,${locals.join(',')};`,
    ...lines,
    `${leaveCode(written, 'at', ExitReason.Return)}return ${calls.length};`,
    '}',
  ].join('\n');
}

/** @param writtenBefore registers that calls before may have written, as a bit mask */
function callCode(
  call: CompiledCall,
  index: number,
  writtenBefore: number,
  keptBefore: number,
): string[] {
  const { flow, address, keeps = [], goesOn } = call;
  const passed = writtenBefore | argumentMask(call);
  const { written } = registerFlow(flow);
  const skips = skipsInstructions(flow);
  const told = Array.from({ length: keptBefore }, (_, n) => `kept[${n}]=k${n};`).join('');
  const stop = (rest: string): string => `${told}rest[0]=${rest};return ${index};`;
  const body = routineBody(flow, address, `C${index}L`, (leaving) => {
    const ip = leaving.ip | 0;
    const count = skips ? `${leaving.executed}-skipped|0` : String(leaving.executed);
    if (leaving.exit === ExitReason.Return) return `at=${ip};done=${count};break C${index};`;
    return leaveCode(passed | written[leaving.index]!, ip, leaving.exit) + stop(count);
  });
  const unmet = goesOn && `if(!(${conditionCode(goesOn)})){`;
  return [
    `${registerSlot(REG_OPERATIONS)}=${registerSlot(REG_OPERATIONS)}+1|0;`,
    ...argumentCode(call),
    `${skips ? 'skipped=0;' : ''}C${index}:{`,
    ...body,
    '}',
    'left=left-done|0;budget[0]=left;',
    ...(unmet === undefined
      ? []
      : [
          `${unmet}${leaveCode(writtenBefore | writtenBy(call), 'at', ExitReason.Return)}`,
          `${stop('0')}}`,
        ]),
    keeps.map((register, n) => `k${keptBefore + n}=r${register};`).join(''),
  ];
}

function argumentCode({ arguments: given }: CallTerms): string[] {
  const count = Math.max(SET_ARGUMENTS, given.length);
  return Array.from({ length: count }, (_, n) => `r${n + 1}=${valueCode(given[n] ?? 0)};`);
}

function argumentMask({ arguments: given }: CallTerms): number {
  return ((1 << Math.max(SET_ARGUMENTS, given.length)) - 1) << 1;
}

function usedBy(call: CompiledCall): number {
  const kept = (call.keeps ?? []).reduce((mask, register) => mask | (1 << register), 0);
  return registerFlow(call.flow).used | argumentMask(call) | kept | 1;
}

/** Registers that a call may write. */
function writtenBy(call: CompiledCall): number {
  const { written } = registerFlow(call.flow);
  return written.reduce((mask, registers) => mask | registers, argumentMask(call));
}

function conditionCode(condition: ChainCondition): string {
  if ('least' in condition) return `r0>=${condition.least}`;
  return `(r0&${valueCode(condition.bits)})===${valueCode(condition.are)}`;
}

function valueCode(value: ChainValue): string {
  if (typeof value === 'number') return `(${value | 0})`;
  if ('input' in value) return `inputs[${value.input}]`;
  const { kept, plus = 0 } = value;
  return plus === 0 ? `k${kept}` : `(k${kept}+${plus}|0)`;
}
