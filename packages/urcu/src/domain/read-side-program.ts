import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program, Register } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection } from '@rseqlab/rseq-runtime';
import {
  BLOCK_SHIFT,
  CounterOffset,
  DomainOffset,
  GRACE_PERIOD_WAITS,
  PERIOD_SHIFT,
} from './domain-layout.js';
import type { BarrierPlan } from './barrier-plan.js';
import { TOKEN_CPU_SHIFT } from './rcu-token.js';

const { r0, r1, r2, r3, r5, r6, r8, r9, r10, r14 } = Registers;

const CPU_ID = RSEQ_OFFSET + INDEX_OFFSET.cpu_id;

/** Entries of the read side's program. */
export const ReadSideEntry = { lock: 'lock', unlock: 'unlock' } as const;

/** Where the counters of the calling thread's process are: behind the domain, or where a word says. */
export type CountersPlace = 'domain' | 'anchor';

/** What both return where the anchor says that there are no counters. */
export const NO_COUNTERS = -1;

const programs = new Map<string, Program>();

/**
 * The read side: `lock(r1: domain)` returns the token; `unlock(r1: domain, r2: token)` returns 1 when a
 * grace period sleeps and has to be woken, else 0.
 *
 * Each tries a section once and then does it by atomic. The thread need not be registered for rseq:
 * then its CPU number is negative, and the section leaves at once.
 *
 * ```text
 * lock:    period = domain->period
 *          section { cpu = rseq->cpu_id; block[cpu][period].rseqLock += 1 }
 *          or      { cpu = getcpu();     atomic block[cpu][period].lock += 1 }
 *          barrier B
 *          return (cpu, period)
 * unlock:  barrier C
 *          section { if rseq->cpu_id == token.cpu: block[token.cpu][token.period].rseqUnlock += 1 }
 *          or      { atomic block[token.cpu][token.period].unlock += 1 }
 *          barrier wake
 *          return domain->futex == -1
 * ```
 *
 * Where the counters are the process's own, both take the address of its anchor, whose first word is
 * their address or 0: `lock(r1, r2: anchor)`, `unlock(r1, r2, r3: anchor)`.
 */
export function readSideProgram(barriers: BarrierPlan, place: CountersPlace = 'domain'): Program {
  const { B, C, wake } = barriers;
  const key = [place, ...[B, C, wake].map(Number)].join(' ');
  let program = programs.get(key);
  if (program === undefined) {
    program = build(barriers, place);
    programs.set(key, program);
  }
  return program;
}

function build(barriers: BarrierPlan, place: CountersPlace): Program {
  const builder = new ProgramBuilder('rcu read side');
  emitLock(builder, barriers, countersAt(place));
  emitUnlock(builder, barriers, countersAt(place));
  return builder.build();
}

/** Base of the counters and how far behind it the first block lies. */
interface Counters {
  readonly base: Register;
  readonly first: number;
}

function countersAt(place: CountersPlace): Counters {
  return place === 'domain'
    ? { base: r1, first: DomainOffset.firstBlock }
    : { base: r10, first: 0 };
}

function emitLock(builder: ProgramBuilder, { B }: BarrierPlan, counters: Counters): void {
  const rseqLock = counters.first + CounterOffset.rseqLock;
  builder.label(ReadSideEntry.lock);
  if (counters.base === r10)
    builder.note("counters of the process's slot").ld32(r10, r2).li(r0, 0).beq(r10, r0, 'none');
  builder.note('period = domain->period').ld32(r5, r1, DomainOffset.period);
  emitSection(builder, {
    name: 'lockSection',
    body: (section) => {
      section.note('cpu = rseq->cpu_id').ld32(r6, r14, CPU_ID).li(r0, 0);
      section.blt(r6, r0, 'lockSection.abort');
      emitCounters(section, counters.base);
      section.note('value = block[cpu][period].rseqLock');
      section.ld32(r9, r8, rseqLock).addi(r9, r9, 1);
      section.note('commit: block[cpu][period].rseqLock = value + 1');
      section.st32(r9, r8, rseqLock);
    },
    aborted: 'lockByAtomic',
  });
  builder.label('locked');
  if (B) builder.note('barrier B').fence();
  builder.shli(r0, r6, TOKEN_CPU_SHIFT).or(r0, r0, r5).ret();
  builder.label('lockByAtomic').note('cpu = getcpu()').rdpid(r6);
  emitCounters(builder, counters.base);
  builder.li(r9, 1).note('atomic: block[cpu][period].lock += 1');
  builder.xadd32(r9, r8, counters.first + CounterOffset.lock).jmp('locked');
  if (counters.base === r10) builder.label('none').li(r0, NO_COUNTERS).ret();
}

function emitUnlock(builder: ProgramBuilder, { C, wake }: BarrierPlan, counters: Counters): void {
  const rseqUnlock = counters.first + CounterOffset.rseqUnlock;
  builder.label(ReadSideEntry.unlock);
  if (counters.base === r10)
    builder.note("counters of the process's slot").ld32(r10, r3).li(r0, 0).beq(r10, r0, 'none');
  builder.andi(r5, r2, 1).shri(r6, r2, TOKEN_CPU_SHIFT);
  emitCounters(builder, counters.base);
  if (C) builder.note('barrier C').fence();
  emitSection(builder, {
    name: 'unlockSection',
    body: (section) => {
      section.note("the token's CPU?").ld32(r9, r14, CPU_ID).bne(r9, r6, 'unlockSection.abort');
      section.note('value = block[cpu][period].rseqUnlock');
      section.ld32(r9, r8, rseqUnlock).addi(r9, r9, 1);
      section.note('commit: block[cpu][period].rseqUnlock = value + 1');
      section.st32(r9, r8, rseqUnlock);
    },
    aborted: 'unlockByAtomic',
  });
  builder.label('unlocked');
  if (wake) builder.note('barrier wake').fence();
  builder.note('does a grace period sleep?').ld32(r9, r1, DomainOffset.futex);
  builder.li(r0, 0).li(r5, GRACE_PERIOD_WAITS).bne(r9, r5, 'unlockDone').li(r0, 1);
  builder.label('unlockDone').ret();
  builder.label('unlockByAtomic').li(r9, 1).note('atomic: block[cpu][period].unlock += 1');
  builder.xadd32(r9, r8, counters.first + CounterOffset.unlock).jmp('unlocked');
}

/** r8 = address of the counters of CPU r6 and period r5, less the offset of the first block. */
function emitCounters(builder: ProgramBuilder, base: Register): void {
  builder.shli(r8, r6, BLOCK_SHIFT).add(r8, r8, base).shli(r9, r5, PERIOD_SHIFT).add(r8, r8, r9);
}
