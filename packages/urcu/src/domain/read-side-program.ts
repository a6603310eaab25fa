import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
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

const { r0, r1, r2, r5, r6, r8, r9, r14 } = Registers;

const CPU_ID = RSEQ_OFFSET + INDEX_OFFSET.cpu_id;

/** Entries of the read side's program. */
export const ReadSideEntry = { lock: 'lock', unlock: 'unlock' } as const;

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
 */
export function readSideProgram(barriers: BarrierPlan): Program {
  const { B, C, wake } = barriers;
  const key = [B, C, wake].map(Number).join('');
  let program = programs.get(key);
  if (program === undefined) {
    program = build(barriers);
    programs.set(key, program);
  }
  return program;
}

function build(barriers: BarrierPlan): Program {
  const builder = new ProgramBuilder('rcu read side');
  emitLock(builder, barriers);
  emitUnlock(builder, barriers);
  return builder.build();
}

function emitLock(builder: ProgramBuilder, { B }: BarrierPlan): void {
  builder
    .label(ReadSideEntry.lock)
    .note('period = domain->period')
    .ld32(r5, r1, DomainOffset.period);
  emitSection(builder, {
    name: 'lockSection',
    body: (section) => {
      section.note('cpu = rseq->cpu_id').ld32(r6, r14, CPU_ID).li(r0, 0);
      section.blt(r6, r0, 'lockSection.abort');
      emitCounters(section);
      section.note('value = block[cpu][period].rseqLock');
      section.ld32(r9, r8, DomainOffset.firstBlock + CounterOffset.rseqLock).addi(r9, r9, 1);
      section.note('commit: block[cpu][period].rseqLock = value + 1');
      section.st32(r9, r8, DomainOffset.firstBlock + CounterOffset.rseqLock);
    },
    aborted: 'lockByAtomic',
  });
  builder.label('locked');
  if (B) builder.note('barrier B').fence();
  builder.shli(r0, r6, TOKEN_CPU_SHIFT).or(r0, r0, r5).ret();
  builder.label('lockByAtomic').note('cpu = getcpu()').rdpid(r6);
  emitCounters(builder);
  builder.li(r9, 1).note('atomic: block[cpu][period].lock += 1');
  builder.xadd32(r9, r8, DomainOffset.firstBlock + CounterOffset.lock).jmp('locked');
}

function emitUnlock(builder: ProgramBuilder, { C, wake }: BarrierPlan): void {
  builder.label(ReadSideEntry.unlock).andi(r5, r2, 1).shri(r6, r2, TOKEN_CPU_SHIFT);
  emitCounters(builder);
  if (C) builder.note('barrier C').fence();
  emitSection(builder, {
    name: 'unlockSection',
    body: (section) => {
      section.note("the token's CPU?").ld32(r9, r14, CPU_ID).bne(r9, r6, 'unlockSection.abort');
      section.note('value = block[cpu][period].rseqUnlock');
      section.ld32(r9, r8, DomainOffset.firstBlock + CounterOffset.rseqUnlock).addi(r9, r9, 1);
      section.note('commit: block[cpu][period].rseqUnlock = value + 1');
      section.st32(r9, r8, DomainOffset.firstBlock + CounterOffset.rseqUnlock);
    },
    aborted: 'unlockByAtomic',
  });
  builder.label('unlocked');
  if (wake) builder.note('barrier wake').fence();
  builder.note('does a grace period sleep?').ld32(r9, r1, DomainOffset.futex);
  builder.li(r0, 0).li(r5, GRACE_PERIOD_WAITS).bne(r9, r5, 'unlockDone').li(r0, 1);
  builder.label('unlockDone').ret();
  builder.label('unlockByAtomic').li(r9, 1).note('atomic: block[cpu][period].unlock += 1');
  builder.xadd32(r9, r8, DomainOffset.firstBlock + CounterOffset.unlock).jmp('unlocked');
}

/** r8 = address of the counters of CPU r6 and period r5, less the offset of the first block. */
function emitCounters(builder: ProgramBuilder): void {
  builder.shli(r8, r6, BLOCK_SHIFT).add(r8, r8, r1).shli(r9, r5, PERIOD_SHIFT).add(r8, r8, r9);
}
