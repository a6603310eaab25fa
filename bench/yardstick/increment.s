; Adds r3 to the counter of the CPU that it runs on, r7 times: what the yardstick and the machine
; both execute. r1: struct rseq of the thread, r2: counters, 64 bytes a CPU, r8: zero.
again:
  li32 r5, cs
  st32 r5, [r1 + 8]             ; rseq_cs = &cs
start:
  ld32 r4, [r1 + 4]             ; cpu_id
  shli r4, r4, 6
  add r4, r4, r2
  ld32 r5, [r4]
  add r5, r5, r3
  st32 r5, [r4]                 ; commit
committed:
  addi r7, r7, -1
  bne r7, r8, again
  ret
  .word 0x53053053
aborted:
  jmp again
  .descriptor cs, start, committed, aborted, 0x53053053
