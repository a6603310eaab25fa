import { Registers } from '@rseqlab/sim-machine';
import type { ProgramBuilder } from '@rseqlab/sim-machine';
import { RuntimeError } from '../../runtime-error.js';
import { COMMITTED, COMPARE_FAILED, emitCommit } from './primitive-definition.js';
import type { PrimitiveDefinition } from './primitive-definition.js';

const { r1, r2, r3, r4, r5, r8 } = Registers;

/** The most that one section copies, in bytes. */
export const MAX_COPY_BYTES = 1024;

/**
 * cmpeqv_trymemcpy_storev(v, expect, dst, src, newv, cpu), for one length
 *
 * ```text
 * if (*v != expect) return compare failed
 * memcpy(dst, src, length)                    tried: an abort may leave part of it done
 * *v = newv                                   commit
 * ```
 *
 * A section has no loops, so that it ends by itself: the copy is unrolled, and its length part of
 * the program instead of an argument. `dst` and `src` must not overlap.
 *
 * @param lengthBytes a multiple of 4 up to {@link MAX_COPY_BYTES}
 * @throws RuntimeError `ERR_COPY_LENGTH` for another length
 * @source librseq, rseq_load_cbne_memcpy_store__ptr
 */
export function cmpeqvTrymemcpyStorev(lengthBytes: number): PrimitiveDefinition {
  if (!(lengthBytes >= 4 && lengthBytes <= MAX_COPY_BYTES && lengthBytes % 4 === 0))
    throw new RuntimeError(
      'ERR_COPY_LENGTH',
      `expected to copy a multiple of 4 bytes up to ${MAX_COPY_BYTES}, got ${String(lengthBytes)}`,
    );
  return {
    name: `cmpeqv_trymemcpy_storev of ${lengthBytes} bytes`,
    parameters: ['v', 'expect', 'dst', 'src', 'newv', 'cpu'],
    loads: false,
    emit(builder, end) {
      builder.note('*v == expect?').ld32(r8, r1).bne(r8, r2, end.compareFailed);
      builder.note('try: memcpy(dst, src, length)');
      emitCopy(builder, lengthBytes);
      builder.note('commit: *v = newv');
      emitCommit(builder, end, r5, r1);
    },
    reference(memory, args) {
      const [v, expect, dst, src, newv] = args as [number, number, number, number, number];
      if (memory.load(v) !== expect) return COMPARE_FAILED;
      for (let at = 0; at < lengthBytes; at += 4) memory.store(dst + at, memory.load(src + at));
      memory.store(v, newv);
      return COMMITTED;
    },
  };
}

function emitCopy(builder: ProgramBuilder, lengthBytes: number): void {
  for (let at = 0; at < lengthBytes; at += 4) builder.ld32(r8, r4, at).st32(r8, r3, at);
}
