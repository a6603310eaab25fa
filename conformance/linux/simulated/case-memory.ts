import { Protection, mmap, mprotect, munmap } from '@rseqlab/sim-machine';
import type { InstalledProgram, Operation, Thread } from '@rseqlab/sim-machine';
import { RseqCsOffset, RseqOffset } from '@rseqlab/rseq-runtime';

const PAGE_BYTES = 4096;
const KERNEL_ADDRESS = 0x80000000 | 0;
const NEVER_MAPPED = 0x20000;
const STALE_OFFSET = 64;
const U32_MAX = -1;

/** The memory that the cases of one program use, as native/memory.c maps it. */
export interface CaseMemory {
  /** The rseq areas a and b, each at the start of a page of its own. */
  readonly a: number;
  readonly b: number;
  /** A page that cannot be written; at +64 is an area with a stale rseq_cs. */
  readonly readOnly: number;
  /** A page that the section loads from, not accessed before. */
  readonly touched: number;
  /** The section's descriptor. */
  readonly descriptor: number;
  /** The block of `AttemptOffset`. */
  readonly attempt: number;
  /** What `arm` and the section store into rseq_cs. */
  armed: number;
}

/** Offsets of the fields of area a that cases name. @source include/uapi/linux/rseq.h */
export const AREA_FIELDS: Readonly<Record<string, number>> = {
  cpu_id_start: 0,
  cpu_id: 4,
  flags: 16,
  node_id: 20,
  mm_cid: 24,
};

/** Maps everything, and writes the descriptor of the section. */
export function* mapMemory(t: Thread, section: InstalledProgram): Operation<CaseMemory> {
  const a = yield* mmap(t, { length: PAGE_BYTES });
  const b = yield* mmap(t, { length: PAGE_BYTES });
  const readOnly = yield* mmap(t, { length: PAGE_BYTES });
  yield* t.store(readOnly + STALE_OFFSET + RseqOffset.rseqCs, 1);
  yield* mprotect(t, readOnly, PAGE_BYTES, Protection.Read);
  const touched = yield* mmap(t, { length: PAGE_BYTES });
  const descriptor = yield* mmap(t, { length: PAGE_BYTES });
  const attempt = yield* mmap(t, { length: PAGE_BYTES });
  const [start, end] = [section.addressOf('start'), section.addressOf('end')];
  yield* t.store(descriptor + RseqCsOffset.startIp, start);
  yield* t.store(descriptor + RseqCsOffset.postCommitOffset, end - start);
  yield* t.store(descriptor + RseqCsOffset.abortIp, section.addressOf('abort'));
  return { a, b, readOnly, touched, descriptor, attempt, armed: descriptor };
}

/** Unmaps area a. */
export function* unmapAreaA(t: Thread, memory: CaseMemory): Operation<void> {
  yield* munmap(t, memory.a, PAGE_BYTES);
}

/** The address that a case names, such as `a+16`. @throws RangeError for an unknown one */
export function addressOf(memory: CaseMemory, word: string): number {
  const [name = '', offset = '0'] = word.split('+');
  const bases: Readonly<Record<string, number>> = {
    a: memory.a,
    b: memory.b,
    readonly: memory.readOnly,
    unmapped: NEVER_MAPPED,
    kernel: KERNEL_ADDRESS,
    null: 0,
  };
  const base = bases[name];
  if (base === undefined) throw new RangeError(`expected an address of a case, got ${word}`);
  return base + Number(offset);
}

const DESCRIPTOR_FIELDS: Readonly<Record<string, readonly [low: number, high?: number]>> = {
  version: [RseqCsOffset.version],
  flags: [RseqCsOffset.flags],
  start_ip: [RseqCsOffset.startIp, RseqCsOffset.startIpHigh],
  post_commit_offset: [RseqCsOffset.postCommitOffset, RseqCsOffset.postCommitOffsetHigh],
  abort_ip: [RseqCsOffset.abortIp, RseqCsOffset.abortIpHigh],
};

/** Changes a field of the descriptor, or (`at`) which address is armed. */
export function* describeSection(
  t: Thread,
  memory: CaseMemory,
  section: InstalledProgram,
  [name = '', value = '']: readonly string[],
): Operation<void> {
  const place = ['start', 'commit', 'end'].includes(value) ? section.addressOf(value) : undefined;
  const number = value === 'max' ? U32_MAX : /^\d/.test(value) ? Number(value) : undefined;
  const word = place ?? number ?? addressOf(memory, value);
  if (name === 'at') {
    memory.armed = word;
    return;
  }
  const field = DESCRIPTOR_FIELDS[name];
  if (field === undefined) throw new RangeError(`expected a descriptor's field, got ${name}`);
  const [low, high] = field;
  yield* t.store(memory.descriptor + low, word);
  if (high !== undefined) yield* t.store(memory.descriptor + high, value === 'max' ? U32_MAX : 0);
}
