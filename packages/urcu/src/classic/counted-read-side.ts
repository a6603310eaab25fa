import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { CounterBits, RecordOffset } from './reader-record.js';

const { r0, r1, r5, r6, r8, r14 } = Registers;

/** Entries of the program. */
export const CountedEntry = { lock: 'lock', unlock: 'unlock' } as const;

/** What the routines return, beside 0. */
export const CountedResult = {
  /** unlock: a grace period sleeps and has to be woken. */
  Wake: 1,
  /** lock: the thread is not registered. */
  Unregistered: -1,
  /** unlock: the thread is in no read section. */
  Unbalanced: -2,
} as const;

const programs = new Map<string, Program>();

/**
 * Read side of the flavours that count nesting in the thread: `lock(r1: flavour's counter)`,
 * `unlock(r1: futex)`.
 *
 * ```text
 * lock:   if record->registration == 0: return -1
 *         if record->counter has no nesting: record->counter = *counter; fence, if there are fences
 *         else: record->counter += 1
 * unlock: if record->counter has no nesting: return -2
 *         if it is the outermost: fence; record->counter -= 1; fence; return whether *futex == -1
 *         else: record->counter -= 1
 * ```
 *
 * @param recordOffset of the thread's record from its thread pointer
 * @param fences whether readers have fences: no membarrier stands in for them
 * @source liburcu, include/urcu/static/urcu-memb.h, urcu-mb.h
 */
export function countedReadSide(recordOffset: number, fences: boolean): Program {
  const key = `${recordOffset} ${fences}`;
  let program = programs.get(key);
  if (program === undefined) {
    program = build(recordOffset, fences);
    programs.set(key, program);
  }
  return program;
}

function build(recordOffset: number, fences: boolean): Program {
  const counter = recordOffset + RecordOffset.counter;
  const fence = (builder: ProgramBuilder) => (fences ? builder.fence() : builder);
  const builder = new ProgramBuilder('rcu read side, nesting in the thread')
    .label(CountedEntry.lock)
    .li(r8, 0)
    .ld32(r5, r14, recordOffset + RecordOffset.registration)
    .beq(r5, r8, 'unregistered')
    .ld32(r5, r14, counter)
    .li32(r6, CounterBits.nesting)
    .and(r6, r5, r6)
    .bne(r6, r8, 'nested')
    .note('outermost: take the counter of the flavour, with its phase')
    .ld32(r5, r1)
    .st32(r5, r14, counter);
  fence(builder)
    .li(r0, 0)
    .ret()
    .label('nested')
    .addi(r5, r5, 1)
    .st32(r5, r14, counter)
    .li(r0, 0)
    .ret()
    .label('unregistered')
    .li(r0, CountedResult.Unregistered)
    .ret()
    .label(CountedEntry.unlock)
    .li(r8, 0)
    .ld32(r5, r14, counter)
    .li32(r6, CounterBits.nesting)
    .and(r6, r5, r6)
    .beq(r6, r8, 'unbalanced')
    .li(r8, 1)
    .bne(r6, r8, 'inner');
  fence(builder).addi(r5, r5, -1).note('outermost: outside from here').st32(r5, r14, counter);
  return fence(builder)
    .note('does a grace period sleep?')
    .ld32(r6, r1)
    .li(r0, 0)
    .li(r8, -1)
    .bne(r6, r8, 'done')
    .li(r0, CountedResult.Wake)
    .label('done')
    .ret()
    .label('inner')
    .addi(r5, r5, -1)
    .st32(r5, r14, counter)
    .li(r0, 0)
    .ret()
    .label('unbalanced')
    .li(r0, CountedResult.Unbalanced)
    .ret()
    .build();
}
