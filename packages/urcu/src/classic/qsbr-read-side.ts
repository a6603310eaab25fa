import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { RECORD_OFFSET, RecordOffset } from './reader-record.js';

const { r0, r1, r2, r5, r6, r8, r14 } = Registers;

const COUNTER = RECORD_OFFSET.qsbr + RecordOffset.counter;

/** Entries of the program. */
export const QsbrEntry = {
  quiescentState: 'quiescentState',
  offline: 'offline',
  online: 'online',
} as const;

/**
 * What threads of the qsbr flavour do: `quiescentState(r1: flavour's counter, r2: futex)` and
 * `offline(r1, r2)` return 1 when a grace period sleeps and has to be woken, else 0; `online(r1)`.
 *
 * ```text
 * quiescentState: if record->counter == *counter: return 0
 *                 fence; record->counter = *counter; fence; return whether *futex == -1
 * offline:        fence; record->counter = 0;        fence; return whether *futex == -1
 * online:         record->counter = *counter; fence
 * ```
 *
 * @source liburcu, include/urcu/static/urcu-qsbr.h
 */
export const QSBR_PROGRAM: Program = new ProgramBuilder('rcu qsbr')
  .label(QsbrEntry.quiescentState)
  .ld32(r5, r1)
  .ld32(r6, r14, COUNTER)
  .li(r0, 0)
  .bne(r5, r6, 'report')
  .ret()
  .label(QsbrEntry.offline)
  .li(r5, 0)
  .label('report')
  .fence()
  .note('record->counter: quiescent until here')
  .st32(r5, r14, COUNTER)
  .fence()
  .note('does a grace period sleep?')
  .ld32(r6, r2)
  .li(r0, 0)
  .li(r8, -1)
  .bne(r6, r8, 'done')
  .li(r0, 1)
  .label('done')
  .ret()
  .label(QsbrEntry.online)
  .ld32(r5, r1)
  .st32(r5, r14, COUNTER)
  .fence()
  .ret()
  .build();
